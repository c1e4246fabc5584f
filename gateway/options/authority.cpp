#include "options/authority.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace threefactor {

namespace {

bool IsHostCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

// The length of the host at the start of `text`; 0: there is none.
std::size_t HostLength(std::string_view text) {
  if (!text.starts_with('[')) {
    const auto end = std::find_if_not(text.begin(), text.end(), IsHostCharacter);
    return static_cast<std::size_t>(end - text.begin());
  }
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos) return 0;
  in6_addr address{};
  return inet_pton(AF_INET6, std::string(text.substr(1, close - 1)).c_str(), &address) == 1 ? close + 1 : 0;
}

// An IPv6 address has many spellings.
std::string CanonicalHost(std::string_view host) {
  in6_addr address{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (!host.starts_with('[') ||
      inet_pton(AF_INET6, std::string(host.substr(1, host.size() - 2)).c_str(), &address) != 1 ||
      inet_ntop(AF_INET6, &address, text.data(), text.size()) == nullptr)
    return std::string(host);
  return fmt::format("[{}]", text.data());
}

}  // namespace

std::optional<Authority> ReadAuthority(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  std::string_view rest = lower;
  Authority authority;
  if (const std::size_t colon = rest.find("://"); colon != std::string_view::npos) {
    authority.scheme = rest.substr(0, colon);
    if (authority.scheme.empty() || !std::all_of(authority.scheme.begin(), authority.scheme.end(),
                                                 [](char c) { return IsHostCharacter(c) || c == '+'; }))
      return std::nullopt;
    rest.remove_prefix(colon + 3);
  }
  const std::size_t length = HostLength(rest);
  if (length == 0) return std::nullopt;
  authority.host = CanonicalHost(rest.substr(0, length));
  rest.remove_prefix(length);
  if (rest.empty()) return authority;
  if (rest.front() != ':') return std::nullopt;
  rest.remove_prefix(1);
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), authority.port);
  if (error != std::errc() || end != rest.data() + rest.size() || authority.port < 1 || authority.port > 65535)
    return std::nullopt;
  return authority;
}

bool IsLoopbackName(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host == "localhost" || host == "[::1]" || host.ends_with(".localhost")) return true;
  in_addr address{};
  return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

void CheckOrigins(const std::vector<std::string>& allowed) {
  for (const std::string& entry : allowed) {
    if (entry == "*") continue;
    std::string plain = entry;
    if (const std::size_t star = plain.find("://*."); star != std::string::npos) plain.erase(star + 3, 2);
    const auto authority = ReadAuthority(plain);
    if (!authority || authority->scheme.empty())
      throw std::runtime_error(
          fmt::format("--cors-origins: \"{}\" is not an origin; one is *, https://app.example.com, "
                      "https://*.example.com or http://localhost:3000, without a path",
                      entry));
  }
}

}  // namespace threefactor
