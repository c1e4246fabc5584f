// A WebSocket connection on a loop: RFC 6455 framing by wslay, over a socket that the HTTP server handed over after it
// read the upgrade request. Owns the socket; destroys itself when the connection ends.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "api/service.hpp"
#include "transport/websocket_handshake.hpp"

namespace threefactor::api {

// Takes over `fd` (non-blocking), sends the handshake, then speaks. `already_read`: bytes after the request.
// `headers` authenticate where connection_init carries none. `place` is dropped when the connection ends.
void StartWebSocket(Service& service, int fd, const transport::Handshake& handshake, std::string already_read,
                    std::map<std::string, std::string> headers, std::shared_ptr<void> place);

// Closes every WebSocket of the loop with 1001 (going away): part of the drain on SIGTERM. service.websockets is empty
// when all have gone, 2 s later at most.
void CloseWebSockets(Service& service);

// After service.schemas was replaced: compiles the running subscriptions again. One that no longer compiles gets its
// error, stays, and is tried again at the next replacement. Called on the service's loop, before Engine::Resync.
void RecompileSubscriptions(Service& service);

}  // namespace threefactor::api
