#include "delivery/pure/http.hpp"

#include <curl/curl.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

namespace threefactor::delivery {

namespace {

using Clock = std::chrono::steady_clock;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &saved_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &saved_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t saved_;
};

}  // namespace

struct HttpClient::Multi {
  CURLM* handle = curl_multi_init();
  ~Multi() { curl_multi_cleanup(handle); }
};

struct HttpClient::Transfer {
  std::unique_ptr<CURL, FreeEasy> easy{curl_easy_init()};
  std::unique_ptr<curl_slist, FreeList> headers;
  std::array<char, CURL_ERROR_SIZE> error{};
  HttpRequest request;
  std::string body;
  std::size_t received = 0;
  std::size_t keep = 0;
  std::size_t most = 0;
  Clock::time_point started;

  static std::size_t Receive(char* data, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.received += size;
    const std::size_t room = transfer.keep + 1 - std::min(transfer.body.size(), transfer.keep + 1);
    transfer.body.append(data, std::min(size, room));
    return transfer.received > transfer.most ? CURL_WRITEFUNC_ERROR : size;
  }

  // What is the same for every request.
  void SetUp() {
    CURL* handle = easy.get();
    curl_easy_setopt(handle, CURLOPT_PRIVATE, this);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error.data());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Transfer::Receive);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_TCP_NODELAY, 1L);
    // A lookup that hangs is left behind when its request ends, not waited for.
    curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
  }
};

HttpClient::HttpClient() : multi_(std::make_unique<Multi>()) {
  if (!multi_->handle) throw std::runtime_error("libcurl cannot be initialised");
  Configure(options_);
}

HttpClient::~HttpClient() {
  const SignalsBlocked blocked;
  for (auto& [transfer, owned] : active_) curl_multi_remove_handle(multi_->handle, transfer->easy.get());
  active_.clear();
  idle_.clear();
  multi_.reset();
}

void HttpClient::Configure(const HttpOptions& options) {
  options_ = options;
  curl_multi_setopt(multi_->handle, CURLMOPT_MAXCONNECTS, static_cast<long>(options.connections));
}

void HttpClient::Start(HttpRequest request) {
  if (idle_.empty()) {
    idle_.push_back(std::make_unique<Transfer>());
    if (!idle_.back()->easy) {
      idle_.pop_back();
      throw std::bad_alloc();
    }
    idle_.back()->SetUp();
  }
  std::unique_ptr<Transfer> transfer = std::move(idle_.back());
  idle_.pop_back();
  transfer->request = std::move(request);
  transfer->body.clear();
  transfer->received = 0;
  transfer->keep = options_.keep;
  transfer->most = std::max(options_.most, options_.keep);
  transfer->error[0] = '\0';
  transfer->started = Clock::now();
  curl_slist* list = nullptr;
  for (const std::string& header : transfer->request.headers) list = curl_slist_append(list, header.c_str());
  list = curl_slist_append(list, "Expect:");  // no 100-continue: it would cost a round trip
  transfer->headers.reset(list);

  CURL* handle = transfer->easy.get();
  const HttpRequest& sent = transfer->request;
  curl_easy_setopt(handle, CURLOPT_URL, sent.url.c_str());
  curl_easy_setopt(handle, CURLOPT_USERAGENT, options_.user_agent.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(sent.body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, sent.body.c_str());
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(sent.timeout.count()));
  const Milliseconds connect = sent.connect_timeout.count() > 0 ? sent.connect_timeout : options_.connect_timeout;
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  Transfer* key = transfer.get();
  active_.emplace(key, std::move(transfer));
  const SignalsBlocked blocked;
  if (curl_multi_add_handle(multi_->handle, handle) != CURLM_OK) {
    idle_.push_back(std::move(active_.at(key)));
    active_.erase(key);
    throw std::bad_alloc();
  }
}

void HttpClient::Perform(std::vector<HttpAnswer>& answers) {
  if (active_.empty()) return;
  const SignalsBlocked blocked;
  int running = 0;
  if (const CURLMcode code = curl_multi_perform(multi_->handle, &running); code != CURLM_OK)
    throw std::runtime_error(std::string("libcurl: ") + curl_multi_strerror(code));
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_->handle, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    char* self = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
    Finish(*reinterpret_cast<Transfer*>(self), code, answers);
  }
}

void HttpClient::Finish(Transfer& transfer, int curl_code, std::vector<HttpAnswer>& answers) {
  CURL* handle = transfer.easy.get();
  HttpAnswer answer;
  answer.id = transfer.request.id;
  answer.duration = std::chrono::duration<double, std::milli>(Clock::now() - transfer.started).count();
  const bool cut = curl_code == CURLE_WRITE_ERROR && transfer.received > transfer.most;
  if (curl_code == CURLE_OK || cut) {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    answer.body = std::move(transfer.body);
    if (cut) answer.error = "the response was cut off at " + std::to_string(transfer.most) + " bytes";
    curl_header* field = nullptr;
    if (curl_easy_header(handle, "Retry-After", 0, CURLH_HEADER, -1, &field) == CURLHE_OK)
      answer.retry_after = field->value;
  } else {
    answer.error = transfer.error[0] ? transfer.error.data() : curl_easy_strerror(static_cast<CURLcode>(curl_code));
  }
  answers.push_back(std::move(answer));

  curl_multi_remove_handle(multi_->handle, handle);
  transfer.request = {};
  transfer.body = {};
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, nullptr);
  transfer.headers.reset();
  auto node = active_.extract(&transfer);
  idle_.push_back(std::move(node.mapped()));
}

void HttpClient::Wait(Milliseconds timeout, std::span<const int> wake) {
  std::array<curl_waitfd, 8> descriptors{};
  const std::size_t count = std::min(wake.size(), descriptors.size());
  for (std::size_t i = 0; i < count; i++) descriptors[i] = {wake[i], CURL_WAIT_POLLIN, 0};
  curl_multi_poll(multi_->handle, descriptors.data(), static_cast<unsigned>(count), static_cast<int>(timeout.count()),
                  nullptr);
}

}  // namespace threefactor::delivery
