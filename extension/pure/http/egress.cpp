#include "http/egress.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace threefactor::delivery {

namespace {

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<std::uint8_t, 12> kNat64 = {0, 0x64, 0xff, 0x9b};

// An address is a network of one.
std::optional<Network> ParseAddress(const char* text) {
  Network network;
  if (inet_pton(AF_INET, text, network.bytes.data()) == 1) {
    network.v4 = true;
    network.prefix = 32;
    return network;
  }
  network.prefix = 128;
  if (inet_pton(AF_INET6, text, network.bytes.data()) == 1) return network;
  return std::nullopt;
}

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
}

Network ParseNetwork(std::string_view text) {
  const auto slash = std::min(text.find('/'), text.size());
  std::optional<Network> network = ParseAddress(std::string(text.substr(0, slash)).c_str());
  if (network && slash < text.size()) {
    const std::string_view digits = text.substr(slash + 1);
    int prefix = -1;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    const bool whole = result.ec == std::errc{} && result.ptr == digits.data() + digits.size();
    if (!whole || prefix < 0 || prefix > network->prefix) throw std::invalid_argument(std::string(text));
    network->prefix = prefix;
  }
  if (!network) throw std::invalid_argument(std::string(text));
  return *network;
}

bool Contains(const Network& network, const Network& address) {
  if (network.v4 != address.v4) return false;
  const auto whole = static_cast<std::size_t>(network.prefix / 8);
  if (!std::equal(network.bytes.begin(), network.bytes.begin() + whole, address.bytes.begin())) return false;
  const int rest = network.prefix % 8;
  return rest == 0 || (network.bytes[whole] ^ address.bytes[whole]) >> (8 - rest) == 0;
}

std::optional<Network> CarriedV4(const Network& address) {
  const auto begins = [&](const auto& prefix) {
    return std::equal(prefix.begin(), prefix.end(), address.bytes.begin());
  };
  if (address.v4 || (!begins(kMapped) && !begins(kNat64))) return std::nullopt;
  Network carried;
  carried.v4 = true;
  carried.prefix = 32;
  std::copy_n(address.bytes.begin() + 12, 4, carried.bytes.begin());
  return carried;
}

std::string TextOf(const Network& address) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(address.v4 ? AF_INET : AF_INET6, address.bytes.data(), text, sizeof text);
  return text;
}

std::optional<std::string> Refusal(const EgressRule& rule, const Network& address) {
  const std::optional<Network> carried = CarriedV4(address);
  const auto in = [&](const std::vector<Network>& networks) {
    return std::any_of(networks.begin(), networks.end(), [&](const Network& network) {
      return Contains(network, address) || (carried && Contains(network, *carried));
    });
  };
  if (in(rule.denied)) return "the address is denied by threefactor.denied_networks: " + TextOf(address);
  if (!rule.allowed.empty() && !in(rule.allowed))
    return "the address is not among threefactor.allowed_networks: " + TextOf(address);
  return std::nullopt;
}

}  // namespace

std::vector<Network> ParseNetworks(std::string_view list) {
  std::vector<Network> networks;
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (const std::string_view part = Trim(list.substr(0, comma)); !part.empty())
      networks.push_back(ParseNetwork(part));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return networks;
}

std::optional<std::string> RefusalOf(const EgressRule& rule, const sockaddr& address) {
  Network network;
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    network.v4 = true;
    network.prefix = 32;
    std::memcpy(network.bytes.data(), &v4.sin_addr, 4);
  } else if (address.sa_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    network.prefix = 128;
    std::memcpy(network.bytes.data(), &v6.sin6_addr, 16);
  } else {
    return "it is neither an IPv4 nor an IPv6 address";
  }
  return Refusal(rule, network);
}

std::optional<std::string> RefusalOf(const EgressRule& rule, const char* address) {
  const std::optional<Network> network = ParseAddress(address);
  return network ? Refusal(rule, *network) : std::nullopt;
}

}  // namespace threefactor::delivery
