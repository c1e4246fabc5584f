// The two subscription protocols as pure state machines: text frames in, text frames and calls out. No sockets.
//   graphql-transport-ws  PROTOCOL.md of the npm package graphql-ws
//   graphql-ws            PROTOCOL.md of the npm package subscriptions-transport-ws
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace threefactor::transport {

// What a protocol session asks of its owner (the WebSocket connection).
class ProtocolHost {
 public:
  virtual ~ProtocolHost() = default;
  virtual void SendText(std::string text) = 0;
  virtual void Close(int code, std::string_view reason) = 0;
  // connection_init with the string headers of its payload, names lower-case. `done` is called once, within the call or
  // later, with null or why it is refused; until then the session gets no further message.
  using Admitted = std::function<void(const Error* refusal)>;
  virtual void Authenticate(const std::map<std::string, std::string>& headers, Admitted done) = 0;
  // Starts an operation; `payload` is the request object's JSON text {query, variables, operationName}. The host calls
  // back Next, Fail and Complete of the session, now or later, until Stop. Throws Error when it does not validate.
  virtual void Start(const std::string& id, std::string_view payload) = 0;
  virtual void Stop(const std::string& id) = 0;
};

class ProtocolSession {
 public:
  virtual ~ProtocolSession() = default;
  virtual void OnText(std::string_view text) = 0;
  virtual void OnInitTimeout() = 0;  // the owner calls it 3 s after the upgrade
  virtual void OnKeepAlive() = 0;    // each 5 s
  // Results of operation `id`; ignored when it is no longer active.
  virtual void Next(const std::string& id, std::string_view response_body) = 0;  // {"data":..} or {"errors":..}
  virtual void Fail(const std::string& id, const Error& error) = 0;              // ends the operation
  virtual void Complete(const std::string& id) = 0;                              // likewise
};

inline constexpr std::string_view kTransportProtocol = "graphql-transport-ws";
inline constexpr std::string_view kLegacyProtocol = "graphql-ws";

// Null when `subprotocol` is neither of the two.
std::unique_ptr<ProtocolSession> MakeProtocolSession(std::string_view subprotocol, ProtocolHost& host);

}  // namespace threefactor::transport
