// RFC 6455, section 4.2, and the choice of a subprotocol.
#include "transport/websocket_handshake.hpp"

#include <catch2/catch.hpp>

namespace threefactor::transport {

namespace {

using Headers = std::map<std::string, std::string>;

Headers Upgrade() {
  return {{"upgrade", "websocket"},
          {"connection", "keep-alive, Upgrade"},
          {"sec-websocket-version", "13"},
          {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="},
          {"sec-websocket-protocol", "graphql-transport-ws"}};
}

}  // namespace

TEST_CASE("handshake: the sample of RFC 6455, section 1.3") {
  const Handshake handshake = AcceptUpgrade("HTTP/1.1", Upgrade());
  CHECK(handshake.accepted);
  CHECK(handshake.subprotocol == "graphql-transport-ws");
  CHECK(handshake.response ==
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n");
}

TEST_CASE("handshake: the client's first subprotocol that we speak is chosen") {
  Headers headers = Upgrade();
  const auto [offered, chosen] = GENERATE(table<std::string, std::string>({
      {"graphql-ws", "graphql-ws"},
      {"other , graphql-ws,graphql-transport-ws", "graphql-ws"},
      {"graphql-transport-ws, graphql-ws", "graphql-transport-ws"},
      {"graphql", ""},
      {"", ""},
  }));
  headers["sec-websocket-protocol"] = offered;
  const Handshake handshake = AcceptUpgrade("HTTP/1.1", headers);
  CHECK(handshake.accepted);  // closed with 4406 afterwards, which a browser can see
  CHECK(handshake.subprotocol == chosen);
  CHECK((handshake.response.find("Sec-WebSocket-Protocol") != std::string::npos) == !chosen.empty());
}

TEST_CASE("handshake: what is not an upgrade of version 13 is refused") {
  Headers headers = Upgrade();
  const auto [header, value, status] = GENERATE(table<std::string, std::string, std::string>({
      {"upgrade", "h2c", "426"},
      {"connection", "keep-alive", "426"},
      {"sec-websocket-version", "8", "426"},
      {"sec-websocket-key", "", "400"},
      {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==", "400"},
      {"sec-websocket-version", "13, 13", "426"},
      {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=", "400"},
      {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZ\r\n==", "400"},
  }));
  headers[header] = value;
  const Handshake handshake = AcceptUpgrade("HTTP/1.1", headers);
  CHECK_FALSE(handshake.accepted);
  CHECK(handshake.response.substr(0, 13) == "HTTP/1.1 " + status + " ");
  if (status == "426") CHECK(handshake.response.find("\r\nSec-WebSocket-Version: 13\r\n") != std::string::npos);
}

TEST_CASE("handshake: HTTP/1.0 has no upgrades") {
  const Handshake handshake = AcceptUpgrade("HTTP/1.0", Upgrade());
  CHECK_FALSE(handshake.accepted);
  CHECK(handshake.response.starts_with("HTTP/1.1 400 "));
}

}  // namespace threefactor::transport
