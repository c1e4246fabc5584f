#include "http_client/client.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "http/lookups.hpp"

namespace threefactor::delivery {

namespace {

using Clock = std::chrono::steady_clock;

// libcurl would send a request again, by itself, when a connection that was kept open ends before any answer.
constexpr char kConnectionDied[] = "the connection, kept open from before, was closed without an answer";
// Shorter than servers commonly keep connections open, so that seldom a request meets the end of one.
constexpr long kLongestIdleSeconds = 4;
constexpr std::size_t kMostHeaderBytes = 256 * 1024;  // of an answer

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

}  // namespace

struct HttpClient::Multi {
  CURLM* handle = curl_multi_init();
  ~Multi() { curl_multi_cleanup(handle); }
};

// Setting an option that libcurl copies costs as much as a request's own work: those that seldom differ from one
// request to the next are set when they do, and the list of headers points into the request.
struct HttpClient::Transfer {
  std::unique_ptr<CURL, FreeEasy> easy;
  int generation = -1;  // of the options it is set up with
  const EgressRule* egress = nullptr;
  std::string refusal;     // why no (more) request is made: an address, or that one has been made
  bool requested = false;  // the request was about to be sent
  std::string looks_up;    // the host that others wait for; empty: none
  bool resolved = false;   // it has an address
  std::vector<curl_slist> headers;
  std::array<char, CURL_ERROR_SIZE> error{};
  HttpRequest request;
  HttpMethod method = HttpMethod::kPost;  // as set, like
  std::string url;
  std::string body;
  std::size_t received = 0;
  std::size_t header_bytes = 0;
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

  static std::size_t ReceiveHeader(char*, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.header_bytes += size;
    if (transfer.header_bytes <= kMostHeaderBytes) return size;
    transfer.refusal = "the answer's header is too large";
    return 0;
  }

  // The address is known, no connection is made yet.
  static curl_socket_t OpenSocket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.resolved = true;
    std::optional<std::string> refusal = RefusalOf(*transfer.egress, address->addr);
    if (transfer.requested) refusal = kConnectionDied;
    if (refusal) {
      transfer.refusal = std::move(*refusal);
      return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }

  // The request is about to be sent, perhaps over a connection made under another rule.
  static int BeforeRequest(void* self, char* address, char*, int, int) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.resolved = true;
    std::optional<std::string> refusal = RefusalOf(*transfer.egress, address);
    if (std::exchange(transfer.requested, true)) refusal = kConnectionDied;
    if (refusal) transfer.refusal = std::move(*refusal);
    return refusal ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
  }

  // What is the same for every request.
  void SetUp(const HttpOptions& options) {
    easy.reset(curl_easy_init());
    if (!easy) throw std::bad_alloc();
    url.clear();
    method = HttpMethod::kPost;
    egress = &options.egress;
    CURL* handle = easy.get();
    curl_easy_setopt(handle, CURLOPT_PRIVATE, this);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error.data());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Transfer::Receive);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Transfer::ReceiveHeader);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(handle, CURLOPT_MAXAGE_CONN, kLongestIdleSeconds);
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_TCP_NODELAY, 1L);
    // So small that malloc keeps it at hand: it is made and freed with each request, and answers are short.
    curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 1024L);
    // A lookup that hangs is left behind when its request ends, not waited for.
    curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, options.user_agent.c_str());
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, &Transfer::OpenSocket);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, &Transfer::BeforeRequest);
    curl_easy_setopt(handle, CURLOPT_PREREQDATA, this);
    curl_easy_setopt(handle, CURLOPT_PROXY, options.proxy.c_str());  // empty: not even that of the environment
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "");
    if (!options.ca_file.empty()) {
      curl_easy_setopt(handle, CURLOPT_CAINFO, options.ca_file.c_str());
      curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);  // these authorities, not the system's as well
    }
  }

  // Of the answer.
  std::optional<std::string> Header(const char* name) const {
    curl_header* field = nullptr;
    if (curl_easy_header(easy.get(), name, 0, CURLH_HEADER, -1, &field) != CURLHE_OK) return std::nullopt;
    return field->value;
  }

  void SetHeaders() {
    static char no_expect[] = "Expect:";  // no 100-continue: it would cost a round trip
    headers.clear();
    for (std::string& header : request.headers) headers.push_back({header.data(), nullptr});
    headers.push_back({no_expect, nullptr});
    for (std::size_t i = 1; i < headers.size(); i++) headers[i - 1].next = &headers[i];
    curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.data());
  }
};

HttpClient::HttpClient() : multi_(std::make_unique<Multi>()), lookups_(std::make_unique<Lookups>()) {
  if (!multi_->handle) throw std::runtime_error("libcurl cannot be initialised");
  Configure(options_);
}

HttpClient::~HttpClient() {
  for (const auto& transfer : transfers_) curl_multi_remove_handle(multi_->handle, transfer->easy.get());
  transfers_.clear();
  multi_.reset();
}

void HttpClient::Configure(const HttpOptions& options) {
  if (options.user_agent != options_.user_agent || options.ca_file != options_.ca_file ||
      options.proxy != options_.proxy)
    generation_++;
  options_ = options;
  curl_multi_setopt(multi_->handle, CURLMOPT_MAXCONNECTS, static_cast<long>(options.connections));
}

void HttpClient::Start(HttpRequest request) {
  std::string host = HostToLookUp(request.url);
  if (!host.empty()) {
    const Lookups::Role role = lookups_->Admit(host, request, Clock::now());
    if (role == Lookups::Role::kHeld) return;
    if (role == Lookups::Role::kFree) host.clear();
  }
  Begin(std::move(request), std::move(host));
}

void HttpClient::Begin(HttpRequest request, std::string looks_up) {
  if (idle_.empty()) {
    transfers_.push_back(std::make_unique<Transfer>());
    idle_.push_back(transfers_.back().get());
  }
  Transfer& transfer = *idle_.back();
  if (transfer.generation != generation_) transfer.SetUp(options_);
  transfer.generation = generation_;
  transfer.request = std::move(request);
  transfer.body.clear();
  transfer.received = 0;
  transfer.keep = std::max(options_.keep, transfer.request.keep);
  transfer.most = std::max(options_.most, transfer.keep + 1);
  transfer.error[0] = '\0';
  transfer.refusal.clear();
  transfer.requested = false;
  transfer.header_bytes = 0;
  transfer.resolved = false;
  transfer.looks_up = std::move(looks_up);
  if (!transfer.looks_up.empty()) looking_up_.push_back(&transfer);
  transfer.started = Clock::now();

  CURL* handle = transfer.easy.get();
  const HttpRequest& sent = transfer.request;
  if (transfer.url != sent.url) {
    curl_easy_setopt(handle, CURLOPT_URL, sent.url.c_str());
    transfer.url = sent.url;
  }
  if (transfer.method != sent.method) {
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, sent.method == HttpMethod::kOptions ? "OPTIONS" : nullptr);
    transfer.method = sent.method;
  }
  transfer.SetHeaders();
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(sent.body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, sent.body.c_str());
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(sent.timeout.count()));
  const Milliseconds connect = sent.connect_timeout.count() > 0 ? sent.connect_timeout : options_.connect_timeout;
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  if (curl_multi_add_handle(multi_->handle, handle) != CURLM_OK) throw std::bad_alloc();
  idle_.pop_back();
}

void HttpClient::Perform(std::vector<HttpAnswer>& answers) {
  if (InFlight() == 0) return;
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
  for (Transfer* transfer : std::vector<Transfer*>(looking_up_))
    if (transfer->resolved)
      for (HttpRequest& request : StopLookingUp(*transfer)) Start(std::move(request));
}

std::vector<HttpRequest> HttpClient::StopLookingUp(Transfer& transfer) {
  std::erase(looking_up_, &transfer);
  return lookups_->Release(std::exchange(transfer.looks_up, {}), transfer.resolved, Clock::now());
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
    answer.retry_after = transfer.Header("Retry-After");
    if (transfer.method == HttpMethod::kOptions) {
      answer.allowed_origin = transfer.Header("WebHook-Allowed-Origin");
      answer.allowed_rate = transfer.Header("WebHook-Allowed-Rate");
    }
  } else if (!transfer.refusal.empty()) {
    answer.error = transfer.refusal;
  } else {
    answer.error = curl_easy_strerror(static_cast<CURLcode>(curl_code));
    if (transfer.error[0]) answer.error.append(": ").append(transfer.error.data());
  }
  answers.push_back(std::move(answer));

  curl_multi_remove_handle(multi_->handle, handle);
  transfer.request = {};
  transfer.body = {};
  idle_.push_back(&transfer);
  if (transfer.looks_up.empty()) return;
  // Those that waited for the address have it, share the failure, or one of them looks for themselves.
  const bool no_address =
      !transfer.resolved && (curl_code == CURLE_COULDNT_RESOLVE_HOST || curl_code == CURLE_OPERATION_TIMEDOUT);
  const HttpAnswer shared = answers.back();
  for (HttpRequest& request : StopLookingUp(transfer)) {
    if (no_address)
      answers.emplace_back(shared).id = request.id;
    else
      Start(std::move(request));
  }
}

void HttpClient::Wait(Milliseconds timeout) {
  curl_multi_poll(multi_->handle, nullptr, 0, static_cast<int>(timeout.count()), nullptr);
}

void HttpClient::Wake() {
  curl_multi_wakeup(multi_->handle);
}

}  // namespace threefactor::delivery
