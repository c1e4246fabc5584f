#include "transport/http_router.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace threefactor::transport {

namespace {

constexpr std::size_t kLargestKnown = 4 << 10;  // bytes of a head

// The head is read from memory; what httplib writes is dropped.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string_view text) : left_(text) {}
  bool is_readable() const override { return !left_.empty(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* target, size_t size) override {
    const std::size_t count = std::min(size, left_.size());
    std::memcpy(target, left_.data(), count);
    left_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* /*source*/, size_t size) override { return static_cast<ssize_t>(size); }
  void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  std::string_view left_;
};

}  // namespace

Router::Router() {
  set_pre_routing_handler([this](const httplib::Request&, httplib::Response&) {
    is_parsed_ = true;
    return HandlerResponse::Unhandled;
  });
  set_error_handler([this](const httplib::Request& request, httplib::Response& response) {
    path_ = request.path;
    status_ = response.status;
  });
}

void Router::Allow(const std::string& path, const char* method) {
  auto found = std::find_if(paths_.begin(), paths_.end(), [&path](const Path& each) { return each.path == path; });
  if (found == paths_.end()) found = paths_.insert(paths_.end(), {path, "OPTIONS"});
  found->methods.append(", ").append(method);
}

void Router::Get(const std::string& path, Handle handle) {
  Allow(path, "GET");
  const Handle& kept = handles_.emplace_back(std::move(handle));
  httplib::Server::Get(
      path, [this, &kept](const httplib::Request& request, httplib::Response&) { CallParsed(kept, request); });
}

void Router::Post(const std::string& path, Handle handle) {
  Allow(path, "POST");
  // With a content reader httplib leaves the body alone, which we have whole already.
  const Handle& kept = handles_.emplace_back(std::move(handle));
  httplib::Server::Post(path, [this, &kept](const httplib::Request& request, httplib::Response&,
                                            const httplib::ContentReader&) { CallParsed(kept, request); });
}

void Router::Options(Handle handle) {
  const Handle& kept = handles_.emplace_back(std::move(handle));
  httplib::Server::Options(
      ".*", [this, &kept](const httplib::Request& request, httplib::Response&) { CallParsed(kept, request); });
}

void Router::CallParsed(const Handle& handle, const httplib::Request& request) {
  const std::size_t hash = std::hash<std::string_view>()(head_);
  Known& known = PlaceOf(hash);
  if (std::exchange(known.last, hash) == hash && head_.size() <= kLargestKnown) {
    known.head = head_;
    known.request = request;
    known.request.matches = {};  // point into the path of the original
    known.handle = &handle;
  }
  Call(handle, request);
}

void Router::Call(const Handle& handle, const httplib::Request& request) {
  handled_ = true;
  (*observe_)(request);
  try {
    handle({request, body_, responder_});
  } catch (const std::exception& fault) {  // what handlers expect to go wrong they answer themselves
    spdlog::error("internal error in {} {}: {}", request.method, request.path, fault.what());
    responder_->Send(ErrorReply(500, Error(code::kUnexpected, "internal error")));
  }
}

Reply Router::Refusal() const {
  if (!is_parsed_) {
    if (status_ == 414)
      return ErrorReply(414, Error(code::kBadRequest, "the request's target is longer than 8192 bytes"));
    // The framing found every header line well-formed: what httplib still refuses is one past its own limit.
    return path_.empty() ? ErrorReply(400, Error(code::kBadRequest, "malformed request line"))
                         : ErrorReply(431, Error(code::kBadRequest, "a header line is longer than 8192 bytes"));
  }
  for (const Path& known : paths_) {
    if (known.path != path_) continue;
    Reply reply = ErrorReply(405, Error("method-not-allowed", "method not allowed"));
    reply.headers = "Allow: " + known.methods + "\r\n";
    return reply;
  }
  return ErrorReply(404, Error(code::kNotFound, "resource does not exist"));
}

void Router::Route(std::string_view head, std::string_view body, std::shared_ptr<Responder> responder,
                   const Observe& observe) {
  head_ = head;
  body_ = body;
  responder_ = std::move(responder);
  observe_ = &observe;
  handled_ = false;
  is_parsed_ = false;
  status_ = 0;
  path_.clear();
  if (const Known& known = PlaceOf(std::hash<std::string_view>()(head));
      known.handle != nullptr && known.head == head) {
    Call(*known.handle, known.request);
  } else {
    MemoryStream stream(head);
    bool closed = false;
    process_request(stream, false, closed, nullptr);
  }
  const std::shared_ptr<Responder> answer = std::move(responder_);
  responder_ = nullptr;
  if (!handled_) answer->Send(Refusal());
}

}  // namespace threefactor::transport
