#include "auth/authenticator.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <ctime>
#include <limits>
#include <set>
#include <utility>

#include "auth/session_variables.hpp"
#include "auth/verify.hpp"

namespace threefactor::auth {

namespace {

constexpr std::size_t kMostWaiting = 10'000;  // on one loop; further ones are refused
constexpr auto kLogInterval = std::chrono::seconds(10);

std::string_view RoleOf(const Headers& headers) {
  const auto found = headers.find(std::string(kRole));
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::size_t BytesOf(const Claims& claims) {
  std::size_t bytes = sizeof(Claims) + claims.default_role.size();
  for (const std::string& role : claims.allowed_roles) bytes += sizeof(std::string) + role.size();
  for (const auto& [name, value] : claims.variables) bytes += 128 + name.size() + value.size();
  return bytes;
}

// The signature was not that of any key at hand: others may come. Whatever else is wrong stays wrong.
bool IsOfKeys(const Error& error) {
  return error.message().ends_with("JWSInvalidSignature") || error.message().ends_with("NoUsableKeys");
}

}  // namespace

Authenticator::Authenticator(Loop& loop, const Options& options, KeySets& keys, HttpClient& client,
                             std::size_t cache_bytes)
    : loop_(loop),
      options_(options),
      keys_(keys),
      client_(client),
      proven_(cache_bytes),
      answers_(options.auth_hook.url.empty() ? 0 : cache_bytes) {}

bool Authenticator::NeedsRequest() const {
  return !options_.auth_hook.url.empty() && options_.auth_hook.is_post && options_.auth_hook.sends_request;
}

void Authenticator::Authenticate(const Question& question, const Done& done) {
  try {
    if (!options_.auth_hook.url.empty()) return ByHook(question, done);
    ByToken(question.headers, done);
  } catch (const Error& error) {
    done(Refusal{error});
  }
}

Outcome Authenticator::OfNobody(const Headers& headers) const {
  // Headers prove nothing, so that of the caller's variables none counts.
  if (!options_.unauthorized_role.empty()) return IdentityOf(options_.unauthorized_role, {});
  if (options_.jwt_secrets.empty())
    return Refusal{Error(code::kAccessDenied, "x-hasura-admin-secret/x-hasura-access-key required, but not found"),
                   401};
  const TokenPlace& place = options_.jwt_secrets.front().place;
  if (options_.jwt_secrets.size() == 1 && place.kind == TokenPlace::Kind::kCookie && headers.contains("cookie"))
    return Refusal{Error(code::kInvalidHeaders, "Could not find " + place.name + " in Cookie header")};
  return Refusal{Error(code::kInvalidHeaders, "Missing 'Authorization' or 'Cookie' header in JWT authentication mode")};
}

void Authenticator::ByToken(const Headers& headers, const Done& done) {
  const auto& issuers = options_.jwt_secrets;
  std::vector<std::pair<std::size_t, std::string_view>> presented;
  for (std::size_t i = 0; i < issuers.size(); ++i)
    if (const auto token = PresentedToken(headers, issuers[i].place)) presented.emplace_back(i, *token);
  if (presented.empty()) return done(OfNobody(headers));

  // In different places there may be different tokens, of which one must be meant.
  std::string_view token = presented.front().second;
  const bool is_one =
      std::all_of(presented.begin(), presented.end(), [&](const auto& each) { return each.second == token; });
  if (!is_one) {
    std::erase_if(presented, [&](const auto& each) { return !MayBeFrom(ReadToken(each.second), issuers[each.first]); });
    if (presented.empty()) throw NotVerified("JWTNotInIssuer");
    token = presented.front().second;
    if (std::any_of(presented.begin(), presented.end(), [&](const auto& each) { return each.second != token; }))
      throw Error(code::kInvalidHeaders, "several tokens are given, each of which may be meant");
  }
  std::vector<std::size_t> numbers;
  numbers.reserve(presented.size());
  for (const auto& [issuer, text] : presented) numbers.push_back(issuer);

  std::size_t lacks_keys = 0;
  auto outcome = Prove(token, numbers, RoleOf(headers), waiting_.size() < kMostWaiting, lacks_keys);
  if (auto* known = std::get_if<Outcome>(&outcome)) return done(std::move(*known));
  WaitForKeys({std::string(token), std::move(numbers), std::string(RoleOf(headers)), done}, lacks_keys);
}

const Claims* Authenticator::FindProven(const Digest& digest, const std::vector<std::size_t>& issuers,
                                        std::int64_t now) {
  const Proven* proven = proven_.Find(digest);
  if (proven == nullptr) return nullptr;
  const bool holds = now >= proven->from && now < proven->until &&
                     std::find(issuers.begin(), issuers.end(), proven->issuer) != issuers.end() &&
                     keys_.Get(proven->issuer)->generation == proven->generation;
  return holds ? &proven->claims : nullptr;
}

// Nothing: the keys of the issuer `lacks_keys` are to be fetched first.
std::variant<std::monostate, Outcome> Authenticator::Prove(std::string_view token,
                                                           const std::vector<std::size_t>& issuers,
                                                           std::string_view role, bool may_wait,
                                                           std::size_t& lacks_keys) {
  const std::int64_t now = std::time(nullptr);
  const Digest digest = DigestOf(token);
  if (const Claims* claims = FindProven(digest, issuers, now)) return IdentityOf(*claims, role);

  const Token read = ReadToken(token);
  std::optional<Error> failure;
  std::optional<std::size_t> may_have_others;
  bool are_keys_missing = false;
  for (const std::size_t issuer : issuers) {
    const JwtConfiguration& configuration = options_.jwt_secrets[issuer];
    if (issuers.size() > 1 && !MayBeFrom(read, configuration)) continue;
    const auto keys = keys_.Get(issuer);
    try {
      Verify(read, configuration, keys->keys, now);
      Proven proven;
      proven.issuer = issuer;
      proven.generation = keys->generation;
      proven.from = read.not_before ? *read.not_before - configuration.allowed_skew : 0;
      proven.until = std::numeric_limits<std::int64_t>::max();
      proven.claims = ReadClaims(read.claims.root(), configuration);
      if (read.expires_at) proven.claims.expires_at = proven.until = *read.expires_at + configuration.allowed_skew;
      Identity identity = IdentityOf(proven.claims, role);
      const std::size_t bytes = BytesOf(proven.claims);
      proven_.Put(digest, std::move(proven), bytes);
      return identity;
    } catch (const Error& error) {
      const bool is_of_keys = IsOfKeys(error);
      // Keys with names are all there is of a set: only one that is not in it may have come since.
      if (is_of_keys && !configuration.jwk_url.empty() && (!read.key_id || !HasKeyFor(read, keys->keys))) {
        may_have_others = issuer;
        are_keys_missing |= !keys->is_here;
      }
      if (!failure || IsOfKeys(*failure)) failure = error;
    }
  }
  if (!failure) return Refusal{NotVerified("JWTNotInIssuer")};
  if (!IsOfKeys(*failure) || !may_have_others) return Refusal{*failure};
  if (may_wait) {
    lacks_keys = *may_have_others;
    return std::monostate();
  }
  if (are_keys_missing)
    return Refusal{Error(code::kUnexpected, "the keys that verify tokens could not be fetched yet; try again later"),
                   503};
  return Refusal{*failure};
}

void Authenticator::WaitForKeys(Waiting waiting, std::size_t issuer) {
  const std::uint64_t number = ++last_number_;
  waiting_.emplace(number, std::move(waiting));
  const bool is_asked = keys_.Refresh(issuer, [this, number] { loop_.Post([this, number] { Retry(number); }); });
  if (!is_asked) Retry(number);
}

void Authenticator::Retry(std::uint64_t number) {
  const auto node = waiting_.extract(number);
  if (node.empty()) return;
  const Waiting& waiting = node.mapped();
  try {
    std::size_t lacks_keys = 0;
    auto outcome = Prove(waiting.token, waiting.issuers, waiting.role, /*may_wait=*/false, lacks_keys);
    waiting.done(std::get<Outcome>(std::move(outcome)));
  } catch (const Error& error) {
    waiting.done(Refusal{error});
  }
}

void Authenticator::ByHook(const Question& question, const Done& done) {
  HttpFetch fetch = MakeHookRequest(options_.auth_hook, question.headers, question.spellings, question.request);
  std::string all = fetch.body.value_or("");
  for (const std::string& header : fetch.headers) all.append(header).push_back('\n');
  const Digest digest = DigestOf(all);
  if (const HookAnswer* answer = answers_.Find(digest)) {
    if (answer->cached_until && std::time(nullptr) < *answer->cached_until) return done(answer->identity);
    answers_.Erase(digest);
  }
  if (asked_.size() >= kMostWaiting)
    return done(Refusal{Error(code::kBusy, "too many requests wait for the authentication webhook"), 503});
  const std::uint64_t number = ++last_number_;
  asked_.emplace(number, done);
  client_.Fetch(std::move(fetch), [this, number, digest](HttpAnswer answer) {
    loop_.Post([this, number, digest, answer = std::move(answer)] { OnHookAnswer(number, digest, answer); });
  });
}

void Authenticator::OnHookAnswer(std::uint64_t number, const Digest& digest, const HttpAnswer& answer) {
  const auto node = asked_.extract(number);
  if (node.empty()) return;
  const Done& done = node.mapped();
  if (answer.status == 401)
    return done(Refusal{Error(code::kAccessDenied, "Authentication hook unauthorized this request"), 401});
  if (answer.status == 0) {
    LogHookFailure(answer.failure);
    return done(Refusal{Error(code::kUnexpected, "webhook authentication request failed"), 500});
  }
  if (answer.status != 200) {
    LogHookFailure("its status is " + std::to_string(answer.status));
    return done(Refusal{Error(code::kUnexpected, "Invalid response from authorization hook"), 500});
  }
  try {
    HookAnswer read = ReadHookAnswer(answer.body, answer.cache_control, answer.expires, std::time(nullptr));
    if (read.cached_until) answers_.Put(digest, read, answer.body.size());
    done(std::move(read.identity));
  } catch (const Error& error) {
    LogHookFailure(error.message());
    done(Refusal{error, error.code() == code::kUnexpected ? 500 : 400});
  }
}

void Authenticator::LogHookFailure(std::string_view why) {
  const auto now = Loop::Clock::now();
  if (last_log_ != Loop::Clock::time_point() && now - last_log_ < kLogInterval) return;
  last_log_ = now;
  spdlog::warn("the authentication webhook failed: {}", why);
}

}  // namespace threefactor::auth
