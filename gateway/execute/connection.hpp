// One Postgres connection on a loop: opened without blocking, reopened with a growing delay when it is lost. It runs
// one exchange after the other; behind those that are known to be quick, a few more are sent before they are answered,
// so that the server need not wait for us between two of them (DECISIONS.md).
#pragma once

#include <libpq-fe.h>

#include <deque>
#include <memory>
#include <random>
#include <string>

#include "execute/exchange.hpp"
#include "execute/resolver.hpp"
#include "transport/loop.hpp"

namespace threefactor::execute {

class Connection {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnRoom(Connection& connection) = 0;                          // connected, or finished one; may Run
    virtual void OnDown(Connection& connection, const std::string& why) = 0;  // lost, or could not be opened
    // The first one holds others up, or nobody wants it any more. Said again from time to time while it does.
    virtual void OnHeldUp(Connection& connection) = 0;
  };

  // `options` and `owner` outlive the connection.
  Connection(transport::Loop& loop, const ExecutorOptions& options, Owner& owner);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Open();
  bool IsUp() const { return state_ == State::kUp; }
  bool IsRenewing() const { return is_renewing_; }  // down by its own will, for a moment
  bool IsIdle() const { return running_.empty(); }
  bool Takes(const Exchange& next) const;        // it may be run now
  void Run(std::unique_ptr<Exchange> exchange);  // requires: takes it
  using Running = std::deque<std::unique_ptr<Exchange>>;
  const Running& running() const { return running_; }  // the server works on the first of them
  transport::Loop::Clock::time_point first_since() const { return first_since_; }
  CancelHandle MakeCancelHandle() const;               // requires: up
  int ProcessId() const;                               // of the backend; requires: up

 private:
  enum class State { kWaiting, kResolving, kConnecting, kPreparing, kUp };
  struct CloseConnection {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };

  void Connect(const Addresses& addresses);
  void Poll();
  void PrepareSession();
  void Launch(std::unique_ptr<Exchange> exchange);
  void OnReady(std::uint32_t events);
  bool ReadResults();
  bool FinishFirst();
  bool StartFirstAgain();
  void WatchFirst();
  void Flush();
  void Watch(std::uint32_t events);
  void Forget();
  void Lose(std::string why);
  void Disconnect();
  void Renew();

  transport::Loop& loop_;
  const ExecutorOptions& options_;
  Owner& owner_;
  State state_ = State::kWaiting;
  std::unique_ptr<PGconn, CloseConnection> postgres_;
  int watched_ = -1;  // the fd registered with the loop
  bool wants_write_ = false;
  bool is_renewing_ = false;
  PreparedStatements prepared_;
  std::string session_failure_;  // why the settings of a session could not be made
  Running running_;
  transport::Loop::Clock::time_point first_since_;  // when the server could begin with the first of them
  transport::Loop::TimerId watch_ = 0;              // looks whether it holds others up; 0: nobody does
  bool is_oversized_ = false;                       // libpq's buffer
  transport::Loop::TimerId timer_ = 0;              // next attempt, or the limit of this one
  std::chrono::milliseconds delay_;
  std::minstd_rand random_;
  std::uint64_t attempt_ = 0;  // to connect
  Resolver resolver_;
};

}  // namespace threefactor::execute
