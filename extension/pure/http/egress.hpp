// Which addresses may be connected to (settings threefactor.allowed_networks, threefactor.denied_networks). Judged is
// the address itself, not what a name was said to be, so that neither DNS nor a redirect leads past it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

namespace threefactor::delivery {

struct Network {
  bool v4 = false;
  std::array<std::uint8_t, 16> bytes{};  // of v4 the first four
  int prefix = 0;                        // bits
};

// "10.0.0.0/8, fe80::/10, 192.0.2.1". Throws std::invalid_argument with the part that is none.
std::vector<Network> ParseNetworks(std::string_view list);

struct EgressRule {
  std::vector<Network> allowed;  // empty: all
  std::vector<Network> denied;   // whatever is allowed
};

// Why no connection is made to the address; none: it may be. An IPv6 address that carries an IPv4 address
// (::ffff:0:0/96, 64:ff9b::/96) is judged as both.
std::optional<std::string> RefusalOf(const EgressRule& rule, const sockaddr& address);
// The same for an address as text.
std::optional<std::string> RefusalOf(const EgressRule& rule, const char* address);

}  // namespace threefactor::delivery
