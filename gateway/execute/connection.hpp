// A session for exchanges, one at a time: reopened with a growing delay when its connection is lost.
#pragma once

#include <memory>
#include <random>
#include <string>

#include "execute/exchange.hpp"
#include "loop/loop.hpp"
#include "postgres/async_connection.hpp"

namespace threefactor::execute {

class Connection final : private postgres::AsyncConnection::Owner {
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
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Open();
  bool IsUp() const { return state_ == State::kUp; }
  bool IsBusy() const { return repeated_ != nullptr || (IsUp() && exchange_ != nullptr); }
  bool IsRenewing() const { return is_renewing_; }  // down by its own will, for a moment
  // Null: idle.
  Exchange* current() const { return exchange_ != nullptr ? exchange_.get() : repeated_.get(); }

  void Run(std::unique_ptr<Exchange> exchange);     // requires: up and idle
  postgres::CancelHandle MakeCancelHandle() const;  // requires: up

 private:
  enum class State { kWaiting, kConnecting, kPreparing, kUp };

  void OnConnected() override;
  void OnConnectFailed(const std::string& why) override { Lose(why); }
  void OnReady(std::uint32_t events) override;

  void BecomeUp();
  void Launch();
  void ReadResults();
  void Lose(std::string why);
  void Disconnect();
  void Renew();
  bool RepeatInNewSession();

  Loop& loop_;
  const ExecutorOptions& options_;
  Owner& owner_;
  State state_ = State::kWaiting;
  postgres::AsyncConnection postgres_;
  bool is_renewing_ = false;
  PreparedStatements prepared_;
  std::string session_failure_;  // why the settings of a session could not be made
  std::unique_ptr<Exchange> exchange_;
  std::unique_ptr<Exchange> repeated_;  // waits for the new session that it failed for the lack of
  Loop::Clock::time_point repeated_at_{};
  Loop::TimerId timer_ = 0;  // of the next attempt to connect
  std::chrono::milliseconds delay_;
  std::minstd_rand random_;
};

}  // namespace threefactor::execute
