#include "auth/key_sets.hpp"

#include <curl/urlapi.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <ctime>
#include <mutex>
#include <utility>

#include "auth/caching.hpp"
#include "auth/jwk.hpp"
#include "base/error.hpp"

namespace threefactor::auth {

namespace {

using namespace std::chrono_literals;

constexpr auto kUnsaidLifetime = 600s;   // of a set whose server says nothing
constexpr auto kUncachedLifetime = 60s;  // of one that says no-cache
constexpr auto kShortestLifetime = 1s;
constexpr auto kLongestLifetime = 24h;  // so that a withdrawn key does not stay for ever
constexpr auto kLongestRetry = 60s;
constexpr auto kRefreshInterval = 5s;  // between fetches that tokens with an unknown key cause
constexpr int kMostRedirects = 3;

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

struct UrlParts {
  std::string scheme;
  std::string host;
  std::string port;
};

std::optional<UrlParts> PartsOf(const std::string& text) {
  const std::unique_ptr<CURLU, FreeUrl> url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  const auto part = [&](CURLUPart which, unsigned flags) {
    char* value = nullptr;
    std::string copy;
    if (curl_url_get(url.get(), which, &value, flags) == CURLUE_OK) copy = value;
    curl_free(value);
    return copy;
  };
  return UrlParts{part(CURLUPART_SCHEME, 0), part(CURLUPART_HOST, 0), part(CURLUPART_PORT, CURLU_DEFAULT_PORT)};
}

// For the log: a path or query may hold a secret.
std::string HostOf(const std::string& url) {
  const auto parts = PartsOf(url);
  return parts ? parts->scheme + "://" + parts->host : "its URL";
}

std::chrono::seconds LifetimeOf(const HttpAnswer& answer) {
  const Caching caching = ReadCaching(answer.cache_control, answer.expires, std::time(nullptr));
  if (!caching.lifetime) return caching.is_forbidden ? kUncachedLifetime : kUnsaidLifetime;
  return std::clamp<std::chrono::seconds>(std::chrono::seconds(*caching.lifetime), kShortestLifetime, kLongestLifetime);
}

}  // namespace

struct KeySets::Source {
  std::size_t number = 0;
  std::string url;  // empty: the keys are the configuration's
  std::atomic<std::shared_ptr<const KeySet>> set;
  std::atomic<HttpClient::Clock::time_point> last_fetch;  // when it began

  // Of the client's thread.
  bool is_fetching = false;
  std::vector<std::function<void()>> waiting;
  std::uint64_t timer = 0;  // the number of the last one; earlier ones do nothing
  int failures = 0;         // in a row
};

bool MayRedirect(const std::string& from, const std::string& to) {
  const auto old_parts = PartsOf(from);
  const auto new_parts = PartsOf(to);
  if (!old_parts || !new_parts || old_parts->host != new_parts->host) return false;
  if (old_parts->scheme == new_parts->scheme) return old_parts->port == new_parts->port;
  return old_parts->scheme == "http" && new_parts->scheme == "https" && new_parts->port == "443";
}

KeySets::KeySets(const std::vector<JwtConfiguration>& configurations, HttpClient& client) : client_(client) {
  for (const JwtConfiguration& configuration : configurations) {
    auto source = std::make_unique<Source>();
    source->number = sources_.size();
    source->url = configuration.jwk_url;
    auto set = std::make_shared<KeySet>();
    if (configuration.key) set->keys.push_back(*configuration.key);
    set->is_here = configuration.key.has_value();
    source->set.store(std::move(set));
    sources_.push_back(std::move(source));
  }
}

KeySets::~KeySets() = default;

void KeySets::Start() {
  for (const auto& source : sources_)
    if (!source->url.empty()) client_.Post([this, &source = *source] { Fetch(source); });
}

std::shared_ptr<const KeySet> KeySets::Get(std::size_t issuer) const {
  return sources_.at(issuer)->set.load();
}

bool KeySets::Refresh(std::size_t issuer, std::function<void()> done) {
  Source& source = *sources_.at(issuer);
  if (source.url.empty()) return false;
  // While the first fetch is under way, whoever comes waits for it.
  if (source.set.load()->is_here && HttpClient::Clock::now() - source.last_fetch.load() < kRefreshInterval)
    return false;
  client_.Post([this, &source, done = std::move(done)] {
    source.waiting.push_back(done);
    const bool is_early = HttpClient::Clock::now() - source.last_fetch.load() < kRefreshInterval;
    if (!source.is_fetching && is_early) {
      for (const auto& each : std::exchange(source.waiting, {})) each();
      return;
    }
    Fetch(source);
  });
  return true;
}

void KeySets::Fetch(Source& source) {
  if (std::exchange(source.is_fetching, true)) return;
  source.last_fetch.store(HttpClient::Clock::now());
  Request(source, source.url, 0);
}

void KeySets::Request(Source& source, const std::string& url, int redirects) {
  HttpFetch fetch;
  fetch.url = url;
  fetch.headers = {"Accept: application/jwk-set+json, application/json"};
  fetch.most_bytes = kLargestJwkSet;
  client_.Fetch(std::move(fetch), [this, &source, url, redirects](const HttpAnswer& answer) {
    OnAnswer(source, url, redirects, answer);
  });
}

void KeySets::OnAnswer(Source& source, const std::string& url, int redirects, const HttpAnswer& answer) {
  std::string failure = answer.failure;
  auto delay = LifetimeOf(answer);
  if (!answer.redirect_url.empty()) {
    if (redirects < kMostRedirects && MayRedirect(url, answer.redirect_url))
      return Request(source, answer.redirect_url, redirects + 1);
    failure = redirects < kMostRedirects ? "it redirects elsewhere" : "it redirects again and again";
  } else if (failure.empty() && (answer.status < 200 || answer.status > 299)) {
    failure = "its status is " + std::to_string(answer.status);
  }
  if (failure.empty()) {
    try {
      JwkSet read = ReadJwkSet(answer.body);
      for (const std::string& why : read.omitted)
        spdlog::info("a key of the JWK set at {} is not used: {}", HostOf(source.url), why);
      auto set = std::make_shared<KeySet>();
      set->keys = std::move(read.keys);
      set->generation = source.set.load()->generation + 1;
      set->is_here = true;
      source.set.store(std::move(set));
      if (source.failures > 0) spdlog::info("the JWK set at {} is here again", HostOf(source.url));
      source.failures = 0;
    } catch (const Error& error) {
      failure = error.message();
    }
  }
  if (!failure.empty()) {
    delay = std::min<std::chrono::seconds>(1s * (1 << std::min(source.failures, 6)), kLongestRetry);
    ++source.failures;
    spdlog::warn("the JWK set at {} cannot be had: {}; {}, next try in {} s", HostOf(source.url), failure,
                 source.set.load()->is_here ? "the last one is used" : "its tokens are refused", delay.count());
  }
  source.is_fetching = false;
  FetchLater(source, delay);
  for (const auto& done : std::exchange(source.waiting, {})) done();
}

void KeySets::FetchLater(Source& source, std::chrono::seconds delay) {
  const std::uint64_t timer = ++source.timer;
  client_.After(delay, [this, &source, timer] {
    if (source.timer == timer) Fetch(source);
  });
}

}  // namespace threefactor::auth
