// Parsing and routing of one complete request by cpp-httplib, whose server is made to work on bytes in memory instead
// of a socket. Its own response is thrown away: handlers answer through the request's Responder. One per loop.
#pragma once

#include <httplib.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "transport/http_message.hpp"

namespace threefactor::transport {

class Router final : private httplib::Server {
 public:
  using Handle = std::function<void(const HttpRequest&)>;

  Router();
  void Get(const std::string& path, Handle handle);
  void Post(const std::string& path, Handle handle);
  // Every path: CORS preflights.
  void Options(Handle handle);

  // Called for each request before its handler; what it learns is the connection's (request id, origin).
  using Observe = std::function<void(const httplib::Request&)>;
  // `head`: request line and headers with the empty line. Calls exactly one handler, or answers an error itself.
  void Route(std::string_view head, std::string_view body, std::shared_ptr<Responder> responder,
             const Observe& observe);

 private:
  void Call(const Handle& handle, const httplib::Request& request);
  bool IsHostRight(const httplib::Request& request) const;
  Reply Refusal() const;  // of a request that reached no handler

  struct Path {
    std::string path;
    std::string methods;
  };
  void Allow(const std::string& path, const char* method);
  std::vector<Path> paths_;

  // Of the request that is being routed.
  std::string_view body_;
  std::shared_ptr<Responder> responder_;
  const Observe* observe_ = nullptr;
  bool handled_ = false;
  bool is_parsed_ = false;
  std::string path_;
  int status_ = 0;
  bool is_host_wrong_ = false;
  std::string authority_;  // of a request target in absolute form; empty: it is a path
};

}  // namespace threefactor::transport
