// Parsing and routing of one complete request by cpp-httplib, whose server is made to work on bytes in memory instead
// of a socket. Its own response is thrown away: handlers answer through the request's Responder. One per loop.
// That costs more than all else that the gateway does for a cached operation; but clients repeat themselves, so a head
// that came before, byte for byte, is not parsed again.
#pragma once

#include <httplib.h>

#include <array>
#include <functional>
#include <list>
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
  // What httplib made of a head, once that came a second time.
  struct Known {
    std::size_t last = 0;  // hash of the head that came last
    std::string head;
    httplib::Request request;
    const Handle* handle = nullptr;  // null: no head is known
  };
  Known& PlaceOf(std::size_t hash) { return known_[hash % known_.size()]; }
  void CallParsed(const Handle& handle, const httplib::Request& request);
  void Call(const Handle& handle, const httplib::Request& request);
  Reply Refusal() const;  // of a request that reached no handler

  struct Path {
    std::string path;
    std::string methods;
  };
  void Allow(const std::string& path, const char* method);
  std::vector<Path> paths_;
  std::list<Handle> handles_;
  std::array<Known, 128> known_;  // by hash

  // Of the request that is being routed.
  std::string_view head_;
  std::string_view body_;
  std::shared_ptr<Responder> responder_;
  const Observe* observe_ = nullptr;
  bool handled_ = false;
  bool is_parsed_ = false;
  std::string path_;
  int status_ = 0;
};

}  // namespace threefactor::transport
