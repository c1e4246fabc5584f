// What the two subscription protocols share: reading a client's message and writing the server's.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "transport/protocol.hpp"

namespace threefactor::transport {

struct ClientMessage {
  enum class Payload { kAbsent, kObject, kOther };  // null counts as absent
  std::string type;
  std::string id;  // empty: absent
  Payload payload_kind = Payload::kAbsent;
  std::string payload;                              // its JSON text; empty when absent
  std::map<std::string, std::string> init_headers;  // type connection_init: see ReadMessage
};

// Throws Error(kBadRequest) when `text` is not a JSON object with a string `type`, or `id` is not a string.
// The headers of connection_init are the strings of payload.headers and, as an extension, those of the payload itself;
// names lower-case.
ClientMessage ReadMessage(std::string_view text);

// Throws Error(kBadRequest) when the payload of a subscribe or start is not {query: string, variables?: object,
// operationName?: string, extensions?: object}, null being absent.
void CheckRequestShape(const ClientMessage& message);

// {"type":type,"id":id,"payload":payload}; id and payload are left out when empty. `payload` is JSON text.
std::string WriteMessage(std::string_view type, std::string_view id = {}, std::string_view payload = {});

// A close reason has at most 123 bytes (RFC 6455, 5.5): cut between two characters.
std::string_view CutReason(std::string_view reason);

std::unique_ptr<ProtocolSession> MakeTransportSession(ProtocolHost& host);  // protocol_transport.cpp
std::unique_ptr<ProtocolSession> MakeLegacySession(ProtocolHost& host);     // protocol_legacy.cpp

}  // namespace threefactor::transport
