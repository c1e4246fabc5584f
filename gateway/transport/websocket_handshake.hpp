// The opening handshake of a WebSocket: RFC 6455, section 4.2. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace threefactor::transport {

// The answer to an upgrade request: the raw 101 response, or an error response with its reason.
struct Handshake {
  std::string response;     // complete HTTP/1.1 response head
  std::string subprotocol;  // chosen; empty when refused or when the client offered none we speak
  bool accepted = false;
};
// `version`: of HTTP, as in the request line. `headers`: names lower-case; fields that are given twice are one list.
Handshake AcceptUpgrade(std::string_view version, const std::map<std::string, std::string>& headers);

}  // namespace threefactor::transport
