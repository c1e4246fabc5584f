// A connection on a loop that never blocks it: the hosts are looked up and the connection is made while the loop goes
// on, within ten seconds, and its owner hears when the socket is ready. What is sent and read is the owner's, by libpq.
// Lives on one loop's thread.
#pragma once

#include <cstdint>
#include <string>

#include "loop/loop.hpp"
#include "postgres/handles.hpp"
#include "postgres/resolver.hpp"

namespace threefactor::postgres {

class AsyncConnection {
 public:
  // Each may Open or Close, and none may destroy the connection.
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnConnected() = 0;
    virtual void OnConnectFailed(const std::string& why) = 0;  // closed; `why` is one line
    // Once connected. `events`: of epoll. What can be read is to be taken in with PQconsumeInput.
    virtual void OnReady(std::uint32_t events) = 0;
  };

  // All that is given outlives the connection.
  AsyncConnection(Loop& loop, const std::string& connection_string, const char* application_name, Owner& owner);
  ~AsyncConnection();
  AsyncConnection(const AsyncConnection&) = delete;
  AsyncConnection& operator=(const AsyncConnection&) = delete;

  void Open();  // what was open is closed
  void Close();
  bool IsConnected() const { return state_ == State::kConnected; }  // OnConnected was called; it may have broken since
  PGconn* get() const { return postgres_.get(); }                   // requires: connected

  // Sends what libpq has queued, the rest when the socket takes it. False: the connection has broken; what the server
  // said of that may still be read.
  bool Flush();

 private:
  enum class State { kClosed, kResolving, kConnecting, kConnected };

  void Start(const Addresses& addresses);
  void Poll();
  void Fail(std::string why);
  void Watch(std::uint32_t events);
  void Forget();

  Loop& loop_;
  const std::string& connection_string_;
  const char* const application_name_;
  Owner& owner_;
  State state_ = State::kClosed;
  ConnectionHandle postgres_;
  int watched_ = -1;          // the fd registered with the loop
  std::uint32_t events_ = 0;  // that it is registered for
  Loop::TimerId limit_ = 0;
  std::uint64_t attempt_ = 0;  // answers of the resolver to an earlier one are dropped
  Resolver resolver_;
};

}  // namespace threefactor::postgres
