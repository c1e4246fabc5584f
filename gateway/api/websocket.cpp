#include "api/websocket.hpp"

#include <utility>

#include "api/websocket_connection.hpp"

namespace threefactor::api {

void StartWebSocket(Service& service, int fd, const transport::Handshake& handshake, std::string already_read,
                    std::map<std::string, std::string> headers, std::shared_ptr<void> place) {
  const auto connection = std::make_shared<WebSocketConnection>(
      service, fd, handshake.response, std::move(already_read), std::move(headers), std::move(place));
  service.websockets.insert(connection);
  connection->Begin(handshake.subprotocol);
}

void CloseWebSockets(Service& service) {
  const auto all = service.websockets;  // each may end, and leave the set, at once
  for (const auto& connection : all) connection->CloseAndEnd(1001, "Going away");
}

void RecompileSubscriptions(Service& service) {
  const auto all = service.websockets;
  for (const auto& connection : all) connection->Recompile();
}

}  // namespace threefactor::api
