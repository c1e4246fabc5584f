// A WebSocket connection on a loop: RFC 6455 framing by wslay, over a socket that the HTTP server handed over after it
// read the upgrade request. Owns the socket; destroys itself when the connection ends.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "transport/service.hpp"

namespace threefactor::transport {

// The answer to an upgrade request: the raw 101 response, or an error response with its reason.
struct Handshake {
  std::string response;     // complete HTTP/1.1 response head
  std::string subprotocol;  // chosen; empty when refused or when the client offered none we speak
  bool accepted = false;
};
// `version`: of HTTP, as in the request line. `headers`: names lower-case; fields that are given twice are one list.
Handshake AcceptUpgrade(std::string_view version, const std::map<std::string, std::string>& headers);

// Takes over `fd` (non-blocking), sends the handshake, then speaks. `already_read`: bytes after the request.
// `headers` authenticate where connection_init carries none. `place` is dropped when the connection ends.
void StartWebSocket(Service& service, int fd, const Handshake& handshake, std::string already_read,
                    std::map<std::string, std::string> headers, std::shared_ptr<void> place);

// Closes every WebSocket of the loop with 1001 (going away): part of the drain on SIGTERM. service.websockets is empty
// when all have gone, 2 s later at most.
void CloseWebSockets(Service& service);

// After service.schemas was replaced: compiles the running subscriptions again. One that no longer compiles gets its
// error, stays, and is tried again at the next replacement. Called on the service's loop, before Engine::Resync.
void RecompileSubscriptions(Service& service);

}  // namespace threefactor::transport
