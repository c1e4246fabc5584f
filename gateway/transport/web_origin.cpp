#include "transport/web_origin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "transport/header_values.hpp"

namespace threefactor::transport {

namespace {

constexpr std::string_view kExpose = "Access-Control-Expose-Headers: x-request-id, server-timing\r\n";
constexpr std::size_t kLongestPreflight = 4096;

int PortOf(const Authority& authority, std::string_view scheme) {
  if (authority.port != 0) return authority.port;
  return scheme == "https" ? 443 : scheme == "http" ? 80 : 0;
}

bool IsSameHostAndPort(const Authority& origin, const Authority& other) {
  return origin.host == other.host && PortOf(origin, origin.scheme) == PortOf(other, origin.scheme);
}

// `pattern`: passed CheckOrigins.
bool Matches(const Authority& origin, std::string_view pattern) {
  std::string plain(pattern);
  const std::size_t star = plain.find("*.");
  if (star != std::string::npos) plain.erase(star, 2);
  const auto wanted = ReadAuthority(plain);
  if (!wanted || origin.scheme != wanted->scheme || PortOf(origin, origin.scheme) != PortOf(*wanted, wanted->scheme))
    return false;
  return star == std::string::npos ? origin.host == wanted->host : origin.host.ends_with("." + wanted->host);
}

bool IsAny(const std::vector<std::string>& allowed) {
  return std::find(allowed.begin(), allowed.end(), "*") != allowed.end();
}

bool IsListed(const Authority& origin, const std::vector<std::string>& allowed) {
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const auto& pattern) { return pattern != "*" && Matches(origin, pattern); });
}

// What the browser says of the page's relation to us, where it names no origin (GET of an image, a script, a link).
bool MayComeFrom(std::string_view site, bool is_loopback_host, const Options& options) {
  if (site == "none" || site == "same-origin") return true;
  if (!IsAny(options.cors_origins)) return false;
  // Same-site with a loopback host is a loopback page, on another port.
  return !options.admin_secret.empty() || (site == "same-site" && is_loopback_host);
}

Error Refusal(std::string_view what, const Options& options) {
  const std::string_view hint =
      !options.admin_secret.empty()
          ? "name the origin in --cors-origins"
          : "without an admin secret only pages of loopback origins may: set --admin-secret, then --cors-origins";
  return {code::kAccessDenied, fmt::format("{}: {}", what, hint)};
}

std::string CorsHeaders(std::string_view origin, bool is_listed, const Options& options) {
  std::string lines;
  if (IsAny(options.cors_origins) && !options.admin_secret.empty() && !is_listed)
    return lines.append("Access-Control-Allow-Origin: *\r\n").append(kExpose);
  lines.append("Access-Control-Allow-Origin: ").append(origin).append("\r\n");
  if (is_listed) lines.append("Access-Control-Allow-Credentials: true\r\n");
  return lines.append(kExpose).append("Vary: Origin\r\n");
}

}  // namespace

OriginVerdict JudgeOrigin(const httplib::Headers& headers, const Options& options) {
  const auto values = [&headers](const char* name) {
    std::vector<std::string_view> all;
    const auto [first, last] = headers.equal_range(name);
    for (auto header = first; header != last; ++header) all.emplace_back(header->second);
    return all;
  };
  const bool is_loopback_only = options.admin_secret.empty() && !options.insecure;
  const auto hosts = values("host");
  auto host = hosts.size() == 1 ? ReadAuthority(hosts.front()) : std::nullopt;
  if (host && !host->scheme.empty()) host.reset();
  const bool is_loopback_host = host && IsLoopbackName(host->host);
  if (is_loopback_only && !is_loopback_host)
    return {Error(code::kAccessDenied,
                  "without an admin secret requests are served only for a loopback host, as localhost or 127.0.0.1; "
                  "set --admin-secret to serve other names"),
            ""};

  const auto origins = values("origin");
  const auto sites = values("sec-fetch-site");
  if (origins.size() > 1 || sites.size() > 1)
    return {Error(code::kAccessDenied, "a request has one Origin and one Sec-Fetch-Site"), ""};
  if (origins.empty()) {
    if (sites.empty() || MayComeFrom(sites.front(), is_loopback_host, options)) return {};
    return {Refusal("pages of other sites may not call", options), ""};
  }
  const auto origin = ReadAuthority(origins.front());
  if (!origin || origin->scheme.empty()) {  // "null", or no browser's
    if (IsAny(options.cors_origins) && !options.admin_secret.empty()) return {{}, CorsHeaders("", false, options)};
    return {Refusal("pages without an origin (Origin: null) may not call", options), ""};
  }
  const bool is_loopback = IsLoopbackName(origin->host);
  const bool is_listed = IsListed(*origin, options.cors_origins);
  const bool is_own = host && IsSameHostAndPort(*origin, *host);
  const bool is_any = IsAny(options.cors_origins) && (!options.admin_secret.empty() || is_loopback);
  if ((is_own || is_listed || is_any) && (is_loopback || !is_loopback_only))
    return {{}, CorsHeaders(origins.front(), is_listed, options)};
  return {Refusal("pages of this origin may not call", options), ""};
}

bool MayUseCookies(const std::map<std::string, std::string>& headers, const Options& options) {
  if (!IsAny(options.cors_origins)) return true;
  const auto site = headers.find("sec-fetch-site");
  if (site != headers.end()) return site->second == "same-origin" || site->second == "none";
  return !headers.contains("origin");
}

std::string PreflightHeaders(std::string_view requested) {
  const bool is_list = requested.size() <= kLongestPreflight &&
                       std::all_of(requested.begin(), requested.end(),
                                   [](char c) { return IsTokenCharacter(c) || c == ',' || c == ' ' || c == '\t'; });
  std::string headers =
      "Access-Control-Allow-Methods: GET, POST, OPTIONS\r\nAccess-Control-Max-Age: 86400\r\n"
      "Access-Control-Allow-Headers: ";
  return headers.append(requested.empty() || !is_list ? "*" : requested).append("\r\n");
}

}  // namespace threefactor::transport
