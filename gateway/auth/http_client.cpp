#include "auth/http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>

#include "loop/mutex.hpp"

namespace threefactor::auth {

namespace {

using namespace std::chrono_literals;

constexpr long kConnectLimitMs = 5'000;
constexpr long kWholeLimitMs = 10'000;
constexpr std::size_t kMostInFlight =
    2'000;  // further ones fail at once, so that a hanging server holds a bounded number
constexpr long kMostConnections = 128;

struct FreeCurl {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeMulti {  // CURL and CURLM are the same type
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

struct Transfer {
  HttpFetch request;
  HttpClient::Done done;
  HttpAnswer answer;
  bool is_too_long = false;
  std::unique_ptr<curl_slist, FreeCurl> headers;
  std::unique_ptr<CURL, FreeCurl> easy;
};

std::size_t TakeBody(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.is_too_long = transfer.answer.body.size() + size * count > transfer.request.most_bytes;
  if (transfer.is_too_long) return 0;
  transfer.answer.body.append(data, size * count);
  return size * count;
}

std::string HeaderNamed(CURL* easy, const char* name) {
  std::string values;
  curl_header* header = nullptr;
  for (std::size_t i = 0; curl_easy_header(easy, name, i, CURLH_HEADER, -1, &header) == CURLHE_OK; ++i)
    values.append(values.empty() ? "" : ", ").append(header->value);
  return values;
}

bool Prepare(Transfer& transfer) {
  transfer.easy.reset(curl_easy_init());
  CURL* easy = transfer.easy.get();
  if (easy == nullptr) return false;
  for (const std::string& header : transfer.request.headers)
    transfer.headers.reset(curl_slist_append(transfer.headers.release(), header.c_str()));
  curl_easy_setopt(easy, CURLOPT_URL, transfer.request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectLimitMs);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, kWholeLimitMs);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "threefactor-gateway/" THREEFACTOR_VERSION);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, TakeBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  if (transfer.request.body) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.request.body->size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer.request.body->c_str());
  }
  return true;
}

void Finish(Transfer& transfer, CURLcode result) {
  CURL* easy = transfer.easy.get();
  HttpAnswer& answer = transfer.answer;
  if (result != CURLE_OK) {
    answer = {};
    answer.failure = transfer.is_too_long ? "the answer is too long" : curl_easy_strerror(result);
    return;
  }
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  answer.cache_control = HeaderNamed(easy, "Cache-Control");
  answer.expires = HeaderNamed(easy, "Expires");
  const char* url = nullptr;
  curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &url);
  if (url != nullptr) answer.redirect_url = url;
}

}  // namespace

struct HttpClient::Impl {
  std::unique_ptr<CURLM, FreeMulti> multi{curl_multi_init()};
  std::thread thread;

  Mutex mutex;
  std::vector<Task> posted GUARDED_BY(mutex);
  bool is_stopping GUARDED_BY(mutex) = false;

  // Of the thread.
  std::multimap<Clock::time_point, Task> timers;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> transfers;

  // False: it is to end.
  bool RunPosted() {
    std::vector<Task> tasks;
    {
      const MutexLock lock(mutex);
      if (is_stopping) return false;
      tasks.swap(posted);
    }
    for (const Task& task : tasks) task();
    return true;
  }

  void RunTimers() {
    while (!timers.empty() && timers.begin()->first <= Clock::now()) {
      const Task task = std::move(timers.begin()->second);
      timers.erase(timers.begin());
      task();
    }
  }

  void Begin(HttpFetch request, Done done) {
    auto transfer = std::make_unique<Transfer>();
    transfer->request = std::move(request);
    transfer->done = std::move(done);
    if (transfers.size() >= kMostInFlight || !Prepare(*transfer)) {
      transfer->answer.failure = "too many requests are in flight";
      return transfer->done(std::move(transfer->answer));
    }
    CURL* easy = transfer->easy.get();
    curl_multi_add_handle(multi.get(), easy);
    transfers.emplace(easy, std::move(transfer));
  }

  void EndTransfers() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode result = message->data.result;
      auto node = transfers.extract(easy);
      curl_multi_remove_handle(multi.get(), easy);
      Transfer& transfer = *node.mapped();
      Finish(transfer, result);
      transfer.done(std::move(transfer.answer));
    }
  }

  void Run() {
    while (RunPosted()) {
      RunTimers();
      int running = 0;
      curl_multi_perform(multi.get(), &running);
      EndTransfers();
      auto wait = std::chrono::milliseconds(60s);
      if (!timers.empty())
        wait =
            std::clamp(std::chrono::ceil<std::chrono::milliseconds>(timers.begin()->first - Clock::now()), 0ms, wait);
      curl_multi_poll(multi.get(), nullptr, 0, static_cast<int>(wait.count()), nullptr);
    }
    for (const auto& [easy, transfer] : transfers) curl_multi_remove_handle(multi.get(), easy);
  }
};

HttpClient::HttpClient() : impl_(std::make_unique<Impl>()) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !impl_->multi)
    throw std::runtime_error("libcurl cannot be used");
  curl_multi_setopt(impl_->multi.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, kMostConnections);
}

HttpClient::~HttpClient() {
  Stop();
}

void HttpClient::Start() {
  impl_->thread = std::thread([this] { impl_->Run(); });
}

void HttpClient::Stop() {
  {
    const MutexLock lock(impl_->mutex);
    impl_->is_stopping = true;
  }
  curl_multi_wakeup(impl_->multi.get());
  if (impl_->thread.joinable()) impl_->thread.join();
}

void HttpClient::Post(Task task) {
  {
    const MutexLock lock(impl_->mutex);
    impl_->posted.push_back(std::move(task));
  }
  curl_multi_wakeup(impl_->multi.get());
}

void HttpClient::Fetch(HttpFetch request, Done done) {
  Post([this, request = std::move(request), done = std::move(done)] { impl_->Begin(request, done); });
}

void HttpClient::After(std::chrono::milliseconds delay, Task task) {
  impl_->timers.emplace(Clock::now() + delay, std::move(task));
}

}  // namespace threefactor::auth
