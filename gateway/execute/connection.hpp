// One Postgres connection on a loop: opened without blocking, reopened with a growing delay when it is lost, running
// one exchange at a time.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <random>
#include <string>

#include "execute/exchange.hpp"
#include "execute/resolver.hpp"
#include "loop/loop.hpp"

namespace threefactor::execute {

class Connection {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnIdle(Connection& connection) = 0;  // connected, or finished; may Run at once
    // Lost, or could not be opened. `why` is for administrators, `logged` holds nothing that a statement was told.
    virtual void OnDown(Connection& connection, const std::string& why, const std::string& logged) = 0;
  };

  // `options` and `owner` outlive the connection.
  Connection(Loop& loop, const ExecutorOptions& options, Owner& owner);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Open();
  bool IsUp() const { return state_ == State::kUp; }
  bool IsBusy() const { return repeated_ != nullptr || (IsUp() && exchange_ != nullptr); }
  bool IsRenewing() const { return is_renewing_; }  // down by its own will, for a moment
  // Null: idle.
  Exchange* current() const { return exchange_ != nullptr ? exchange_.get() : repeated_.get(); }

  void Run(std::unique_ptr<Exchange> exchange);  // requires: up and idle
  CancelHandle MakeCancelHandle() const;         // requires: up

 private:
  enum class State { kWaiting, kResolving, kConnecting, kPreparing, kUp };
  struct CloseConnection {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };

  void Connect(const Addresses& addresses);
  void Poll();
  void PrepareSession();
  void Launch();
  void OnReady(std::uint32_t events);
  void ReadResults();
  void Flush();
  void Watch(std::uint32_t events);
  void Forget();
  void Lose(std::string why);
  void Disconnect();
  void Renew();
  bool RepeatInNewSession();

  Loop& loop_;
  const ExecutorOptions& options_;
  Owner& owner_;
  State state_ = State::kWaiting;
  std::unique_ptr<PGconn, CloseConnection> postgres_;
  int watched_ = -1;  // the fd registered with the loop
  bool wants_write_ = false;
  bool is_renewing_ = false;
  PreparedStatements prepared_;
  std::string session_failure_;  // why the settings of a session could not be made
  std::unique_ptr<Exchange> exchange_;
  std::unique_ptr<Exchange> repeated_;  // waits for the new session that it failed for the lack of
  Loop::Clock::time_point repeated_at_{};
  Loop::TimerId timer_ = 0;  // next attempt, or the limit of this one
  std::chrono::milliseconds delay_;
  std::minstd_rand random_;
  std::uint64_t attempt_ = 0;  // to connect
  Resolver resolver_;
};

}  // namespace threefactor::execute
