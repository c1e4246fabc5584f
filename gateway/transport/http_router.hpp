// Which endpoint a request is for, by cpp-httplib, whose server is made to work on a request line in memory instead of
// a socket. One per loop. That costs more than all else that the gateway does for a cached operation; but clients
// repeat themselves, so a head that came before, byte for byte, is not read again.
#pragma once

#include <httplib.h>

#include <array>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "transport/http_message.hpp"

namespace threefactor::transport {

// That only the body tells who asks.
struct NeedsBody {};

// A request whose body is not read yet; borrowed for the time of the call.
struct Admittance {
  const httplib::Request& parsed;
  std::optional<std::string_view> body;  // set once it was asked for
  BodyShare& share;                      // of the memory for bodies
};

struct Endpoint {
  // Who asks, the answer to one who may not, or, of a request without its body, NeedsBody.
  using Decision = std::variant<Identity, Reply, NeedsBody>;
  // From the head alone, before the body is read, where that suffices. Calls `decide` once, within the call or later on
  // the loop; until then nothing more is read of the connection. Null: everyone may.
  using Decide = std::function<void(Decision)>;
  using Admit = std::function<void(const Admittance&, Decide decide)>;
  // May answer later, through the request's Responder.
  using Handle = std::function<void(const HttpRequest&)>;

  Admit admit;
  Handle handle;
};

// A head as it was understood. Immutable.
struct Head {
  httplib::Request request;            // http_head says how it was read; `target` is the path as sent
  const Endpoint* endpoint = nullptr;  // the router's; null: none, `refusal` says why
  Reply refusal;
};

class Router final : private httplib::Server {
 public:
  Router();
  void Get(const std::string& path, Endpoint endpoint);
  void Post(const std::string& path, Endpoint endpoint);
  // Every path: CORS preflights.
  void Options(Endpoint endpoint);

  // `head`: request line and headers with the empty line, as RequestFraming found it well-formed.
  std::shared_ptr<const Head> Read(std::string_view head);

 private:
  // What was made of a head, once that came a second time.
  struct Known {
    std::size_t last = 0;  // hash of the head that came last
    std::string text;
    std::shared_ptr<const Head> head;
  };
  std::shared_ptr<const Head> Parse(std::string_view head);
  void Take(const Endpoint& endpoint, const httplib::Request& request);
  Reply Refusal() const;  // of a request that has no endpoint

  struct Path {
    std::string path;
    std::string methods;
  };
  void Allow(const std::string& path, const char* method);
  std::vector<Path> paths_;
  std::list<Endpoint> endpoints_;
  std::array<Known, 128> known_;  // by hash

  // Of the request that is being routed.
  const Endpoint* found_ = nullptr;
  httplib::Request routed_;
  bool is_routed_ = false;  // the request line was understood
};

}  // namespace threefactor::transport
