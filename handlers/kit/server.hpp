// The HTTP side of handlers: each is a function from Call to Reply under a path.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "kit/call.hpp"
#include "kit/signature.hpp"

// The class of cpp-httplib changes its layout with its macros: only kit/*.cpp may include it.
namespace httplib {
class Server;
}

namespace threefactor::kit {

using Handler = std::function<Reply(const Call&)>;

class Server {
 public:
  // `threads`: how many connections are served at once, since each keeps a thread while it is open.
  explicit Server(int threads);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // POST `path`. Called on many threads at once. Rejected becomes its status; any other exception is a 500, so that the
  // event is retried. Answers a browser's preflight for the path, and lets every origin call it.
  // With a verifier, only what is signed gets there.
  void On(const std::string& path, Handler handler, std::shared_ptr<const Verifier> verifier = nullptr);

  // Serves until SIGTERM or SIGINT, then finishes what runs. Also answers GET /healthz. Throws std::runtime_error when
  // the address cannot be listened on. REQUIRES: no other thread has been started (signals are blocked here, for all).
  void Serve(const std::string& host, int port);

 private:
  std::unique_ptr<httplib::Server> server_;
};

}  // namespace threefactor::kit
