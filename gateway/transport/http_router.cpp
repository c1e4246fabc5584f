#include "transport/http_router.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "transport/http_head.hpp"

namespace threefactor::transport {

namespace {

constexpr std::size_t kLargestKnown = 4 << 10;  // bytes of a head
constexpr std::size_t kLongestTarget = 8192;

// The request line is read from memory; what httplib writes is dropped.
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

// RFC 9112, section 3.2: exactly one in HTTP/1.1, and that of a target in absolute form. In front of us others may
// route by it.
bool IsHostRight(const httplib::Headers& headers, const RequestLine& line) {
  const auto [first, last] = headers.equal_range("host");
  const auto count = std::distance(first, last);
  if (count != 1) return count == 0 && line.version == "HTTP/1.0";
  return line.authority.empty() || first->second == line.authority;
}

}  // namespace

Router::Router() {
  set_pre_routing_handler([this](const httplib::Request& request, httplib::Response&) {
    is_routed_ = true;
    routed_.path = request.path;
    return HandlerResponse::Unhandled;
  });
}

void Router::Allow(const std::string& path, const char* method) {
  auto found = std::find_if(paths_.begin(), paths_.end(), [&path](const Path& each) { return each.path == path; });
  if (found == paths_.end()) found = paths_.insert(paths_.end(), {path, "OPTIONS"});
  found->methods.append(", ").append(method);
}

void Router::Get(const std::string& path, Endpoint endpoint) {
  Allow(path, "GET");
  const Endpoint& kept = endpoints_.emplace_back(std::move(endpoint));
  httplib::Server::Get(path,
                       [this, &kept](const httplib::Request& request, httplib::Response&) { Take(kept, request); });
}

void Router::Post(const std::string& path, Endpoint endpoint) {
  Allow(path, "POST");
  // With a content reader httplib leaves the body alone.
  const Endpoint& kept = endpoints_.emplace_back(std::move(endpoint));
  httplib::Server::Post(path, [this, &kept](const httplib::Request& request, httplib::Response&,
                                            const httplib::ContentReader&) { Take(kept, request); });
}

void Router::Options(Endpoint endpoint) {
  const Endpoint& kept = endpoints_.emplace_back(std::move(endpoint));
  httplib::Server::Options(".*",
                           [this, &kept](const httplib::Request& request, httplib::Response&) { Take(kept, request); });
}

void Router::Take(const Endpoint& endpoint, const httplib::Request& request) {
  found_ = &endpoint;
  routed_ = request;
  routed_.matches = {};  // point into the path of the original
}

Reply Router::Refusal() const {
  if (!is_routed_) return ErrorReply(400, Error(code::kBadRequest, "malformed request line"));
  for (const Path& known : paths_) {
    if (known.path != routed_.path) continue;
    Reply reply = ErrorReply(405, Error("method-not-allowed", "method not allowed"));
    reply.headers = "Allow: " + known.methods + "\r\n";
    return reply;
  }
  return ErrorReply(404, Error(code::kNotFound, "resource does not exist"));
}

std::shared_ptr<const Head> Router::Parse(std::string_view head) {
  const RequestLine line = ReadRequestLine(head);
  auto parsed = std::make_shared<Head>();
  httplib::Headers headers = ReadHeaders(head);
  found_ = nullptr;
  routed_ = {};
  is_routed_ = false;
  if (line.path.size() + line.query.size() >= kLongestTarget) {
    parsed->refusal = ErrorReply(414, Error(code::kBadRequest, "the request's target is longer than 8192 bytes"));
  } else if (!IsHostRight(headers, line)) {
    parsed->refusal = ErrorReply(400, Error(code::kBadRequest, "a request has one Host header, that of its target"));
  } else {
    const std::string bare =
        std::string(line.method).append(" ").append(line.path).append(" ").append(line.version).append("\r\n\r\n");
    MemoryStream stream(bare);
    bool closed = false;
#ifdef HTTPLIB_TAKES_ADDRESSES
    process_request(stream, "", 0, "", 0, false, closed, nullptr);
#else
    process_request(stream, false, closed, nullptr);
#endif
    parsed->endpoint = found_;
    if (found_ == nullptr) parsed->refusal = Refusal();
  }
  parsed->request = std::move(routed_);
  parsed->request.method = line.method;
  parsed->request.version = line.version;
  parsed->request.target = line.path;
  parsed->request.headers = std::move(headers);
  parsed->request.params = ReadParameters(line.query);
  return parsed;
}

std::shared_ptr<const Head> Router::Read(std::string_view head) {
  const std::size_t hash = std::hash<std::string_view>()(head);
  Known& known = known_[hash % known_.size()];
  if (known.head != nullptr && known.text == head) return known.head;
  std::shared_ptr<const Head> parsed = Parse(head);
  if (std::exchange(known.last, hash) == hash && head.size() <= kLargestKnown) {
    known.text = head;
    known.head = parsed;
  }
  return parsed;
}

}  // namespace threefactor::transport
