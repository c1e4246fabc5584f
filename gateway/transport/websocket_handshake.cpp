#include "transport/websocket_handshake.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <stdexcept>

#include "transport/protocol.hpp"

namespace threefactor::transport {

namespace {

constexpr std::string_view kAcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, section 1.3

std::string_view Header(const std::map<std::string, std::string>& headers, const char* name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

// The first element of a comma-separated header for which `accept` holds; empty: none.
template <typename Accept>
std::string_view FindElement(std::string_view list, Accept accept) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view element = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (!element.empty() && (element.front() == ' ' || element.front() == '\t')) element.remove_prefix(1);
    while (!element.empty() && (element.back() == ' ' || element.back() == '\t')) element.remove_suffix(1);
    if (!element.empty() && accept(element)) return element;
  }
  return {};
}

bool HasToken(std::string_view list, std::string_view token) {
  const auto same_letter = [](unsigned char a, unsigned char b) { return std::tolower(a) == b; };
  return !FindElement(list, [&](std::string_view element) {
            return std::equal(element.begin(), element.end(), token.begin(), token.end(), same_letter);
          }).empty();
}

// A key is 16 bytes in base64: 22 characters of its alphabet and "==".
bool IsKey(std::string_view key) {
  return key.size() == 24 && key.substr(22) == "==" && std::all_of(key.begin(), key.begin() + 22, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '+' || c == '/';
         });
}

std::string AcceptValue(std::string_view key) {
  const std::string text = std::string(key) + std::string(kAcceptSuffix);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  unsigned int length = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha1(), nullptr) != 1)
    throw std::runtime_error("SHA-1 is not available");
  std::array<unsigned char, 32> encoded{};
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(length));
  return {encoded.begin(), encoded.begin() + size};
}

Handshake Refuse(std::string_view status, std::string_view reason, std::string_view headers = {}) {
  Handshake handshake;
  handshake.response.append("HTTP/1.1 ").append(status).append("\r\n").append(headers);
  handshake.response.append("Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: ");
  handshake.response.append(std::to_string(reason.size())).append("\r\n\r\n").append(reason);
  return handshake;
}

}  // namespace

Handshake AcceptUpgrade(std::string_view version, const std::map<std::string, std::string>& headers) {
  constexpr std::string_view kUpgradeHeaders = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
  if (version != "HTTP/1.1") return Refuse("400 Bad Request", "A WebSocket needs a request of HTTP/1.1.");
  if (!HasToken(Header(headers, "upgrade"), "websocket") || !HasToken(Header(headers, "connection"), "upgrade"))
    return Refuse("426 Upgrade Required", "This request must upgrade to WebSocket.", kUpgradeHeaders);
  if (Header(headers, "sec-websocket-version") != "13")
    return Refuse("426 Upgrade Required", "Only version 13 of WebSocket is spoken here.", kUpgradeHeaders);
  const std::string_view key = Header(headers, "sec-websocket-key");
  if (!IsKey(key)) return Refuse("400 Bad Request", "Sec-WebSocket-Key is missing or not 16 bytes in base64.");

  Handshake handshake;
  handshake.accepted = true;
  handshake.subprotocol = FindElement(Header(headers, "sec-websocket-protocol"), [](std::string_view name) {
    return name == kTransportProtocol || name == kLegacyProtocol;
  });
  handshake.response.append("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
  handshake.response.append("Sec-WebSocket-Accept: ").append(AcceptValue(key)).append("\r\n");
  if (!handshake.subprotocol.empty())
    handshake.response.append("Sec-WebSocket-Protocol: ").append(handshake.subprotocol).append("\r\n");
  handshake.response.append("\r\n");
  return handshake;
}

}  // namespace threefactor::transport
