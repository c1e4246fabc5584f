// One WebSocket: socket, frames, protocol session and operations, wired together. websocket.hpp is its outside.
//   socket -> Frames -> ProtocolSession -> Operations -> executor, live
//   socket <- Frames <- ProtocolSession <- Operations <- results
// A message goes out only when all before it are wholly written, and nothing is read meanwhile: so a slow client can
// neither pile up results nor start more work. One that takes nothing for a minute is dropped.
// Owned by Service::websockets, until it ends. Lives on the service's loop.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/websocket_operations.hpp"
#include "auth/authenticator.hpp"
#include "transport/body_budget.hpp"
#include "transport/protocol.hpp"
#include "transport/websocket_frames.hpp"

namespace threefactor::api {

class WebSocketConnection final : public std::enable_shared_from_this<WebSocketConnection>,
                                  private transport::ProtocolHost,
                                  private transport::FrameIo {
 public:
  WebSocketConnection(Service& service, int fd, std::string handshake, std::string already_read,
                      std::map<std::string, std::string> headers, std::shared_ptr<void> place);
  ~WebSocketConnection() override;

  void Begin(std::string_view subprotocol);
  void CloseAndEnd(int code, std::string_view reason);
  void Recompile() { operations_.Recompile(); }

 private:
  void OnReady(std::uint32_t events);
  void Pump();  // sends what can be sent, then waits for what is needed next
  bool SendHandshake();
  void LeaveGracefully();
  void KeepAliveLater();
  bool IsMessageLate() const;
  void OnIdentified(auth::Outcome outcome, const Admitted& done);
  void GoOn();
  bool HasExpired() const;
  void ExpireLater();
  void OnExpired();
  void End();

  // ProtocolHost
  void SendText(std::string text) override;
  void Close(int code, std::string_view reason) override;
  void Authenticate(const std::map<std::string, std::string>& headers, Admitted done) override;
  void Start(const std::string& id, std::string_view payload) override;
  void Stop(const std::string& id) override;
  // FrameIo
  ssize_t Read(std::uint8_t* buffer, std::size_t size) override;
  ssize_t Write(const std::uint8_t* data, std::size_t size, bool more) override;
  bool OnFrame(std::size_t bytes) override;
  void OnText(std::string_view text) override;

  Service& service_;
  const std::shared_ptr<void> place_;  // among the connections that the server allows
  const int fd_;
  std::string handshake_;     // not yet sent
  std::string already_read_;  // not yet given to frames_
  std::map<std::string, std::string> headers_;
  Identity identity_;
  bool is_admitted_ = false;             // connection_init was accepted
  bool is_identifying_ = false;          // who asks is being found out; nothing is read meanwhile
  bool is_asking_ = false;               // within the call that does so
  std::vector<std::string> held_texts_;  // came with connection_init, for after that

  transport::BodyShare incoming_;  // of the message that comes in
  Loop::Clock::time_point incoming_since_;
  std::size_t incoming_bytes_ = 0;  // that came of it, as a frame or its header
  transport::Frames frames_;
  Operations operations_;
  std::unique_ptr<transport::ProtocolSession> session_;  // null: no acceptable subprotocol

  std::uint32_t interest_ = 0;
  std::size_t read_budget_ = 0;  // bytes this turn of the loop
  bool leaving_ = false;         // the close handshake is done, the socket's end is awaited
  bool ended_ = false;
  std::optional<Loop::TimerId> init_timer_;
  std::optional<Loop::TimerId> keep_alive_timer_;
  std::optional<Loop::TimerId> end_timer_;
  std::optional<Loop::TimerId> expiry_timer_;
};

}  // namespace threefactor::api
