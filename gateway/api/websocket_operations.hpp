// The operations active on one WebSocket: runs queries and mutations once and subscriptions live, and holds what they
// answered until the socket has room. Per operation at most one result waits (for a subscription the latest), so a
// slow client costs a bounded amount and hears the newest state when it catches up.
// Lives on the service's loop.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "api/service.hpp"
#include "transport/protocol.hpp"

namespace threefactor::api {

class Operations {
 public:
  // `result_waiting` is called, on the loop, when a result can be taken with SendNext. Never within Start or Stop.
  Operations(Service& service, std::function<void()> result_waiting);
  ~Operations();  // stops all

  void Start(const std::string& id, std::string_view payload, const Identity& identity);  // throws Error
  void Stop(const std::string& id);
  void StopAll();
  void Recompile();  // transport/websocket.hpp, RecompileSubscriptions

  // Hands the result that has waited longest to `session`. False: none waits.
  bool SendNext(transport::ProtocolSession& session);
  // Of results that wait, leaving out those of subscriptions (their text is shared with all other subscribers).
  std::size_t waiting_bytes() const { return waiting_bytes_; }

 private:
  struct Operation;

  void Run(Operation& operation, std::string_view payload, const std::shared_ptr<const sql::Compiled>& compiled);
  void Heal(Operation& operation, std::string_view payload);
  void Load(Operation& operation, std::string_view payload);
  void CompileAndRun(Operation& operation, const std::string& payload);
  void RunOnce(Operation& operation, std::string_view payload, const std::shared_ptr<const sql::Compiled>& compiled);
  void RunLive(Operation& operation, std::shared_ptr<const sql::Compiled> compiled);
  void LoadAndRecompile(Operation& operation);
  void Recompile(Operation& operation);
  void Interrupt(Operation& operation, const Error& error);
  void Wait(Operation& operation);
  void Release(Operation& operation);

  Service& service_;
  std::function<void()> result_waiting_;
  std::map<std::string, std::unique_ptr<Operation>> operations_;  // by id
  std::deque<std::string> waiting_;                               // ids in order; one that ended meanwhile is skipped
  std::size_t waiting_bytes_ = 0;
};

}  // namespace threefactor::api
