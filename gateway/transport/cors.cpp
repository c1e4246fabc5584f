#include "transport/cors.hpp"

#include <algorithm>

namespace threefactor::transport {

namespace {

bool Matches(std::string_view origin, std::string_view pattern) {
  const std::size_t star = pattern.find("*.");
  if (star == std::string_view::npos) return origin == pattern;
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);  // with its dot
  return origin.size() > before.size() + after.size() && origin.starts_with(before) && origin.ends_with(after) &&
         origin.substr(before.size()).find('/') == std::string_view::npos;
}

bool IsAnyAllowed(const std::vector<std::string>& allowed) {
  return std::find(allowed.begin(), allowed.end(), "*") != allowed.end();
}

bool IsListed(std::string_view origin, const std::vector<std::string>& allowed) {
  return std::any_of(allowed.begin(), allowed.end(), [&](const auto& pattern) { return Matches(origin, pattern); });
}

}  // namespace

bool MayConnect(std::string_view origin, std::string_view host, const std::vector<std::string>& allowed) {
  if (origin.empty() || IsAnyAllowed(allowed) || IsListed(origin, allowed)) return true;
  const std::size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && !host.empty() && origin.substr(scheme + 3) == host;
}

std::string CorsHeaders(std::string_view origin, const std::vector<std::string>& allowed) {
  if (origin.empty()) return {};
  if (IsAnyAllowed(allowed))
    return "Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: x-request-id, server-timing\r\n";
  if (!IsListed(origin, allowed)) return "Vary: Origin\r\n";
  return std::string("Access-Control-Allow-Origin: ")
      .append(origin)
      .append(
          "\r\nAccess-Control-Allow-Credentials: true\r\nAccess-Control-Expose-Headers: x-request-id, "
          "server-timing\r\n")
      .append("Vary: Origin\r\n");
}

std::string PreflightHeaders(std::string_view requested_headers) {
  std::string headers =
      "Access-Control-Allow-Methods: GET, POST, OPTIONS\r\nAccess-Control-Max-Age: 86400\r\n"
      "Access-Control-Allow-Headers: ";
  return headers.append(requested_headers.empty() ? "*" : requested_headers).append("\r\n");
}

}  // namespace threefactor::transport
