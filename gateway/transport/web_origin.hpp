// Whether the web page that made a request, if one did, may make it, and what its browser is told (Fetch standard,
// "CORS protocol"). The one place that decides, for every transport, before anything else of the request is looked at.
// Pure.
//
// A request comes from a page when it has an Origin, or a Sec-Fetch-Site other than "none". Pages may call
//   - of the gateway's own origin, that of Host;
//   - of an origin in --cors-origins; "*" is every origin with an admin secret, every loopback origin without one.
// Without an admin secret whoever calls is an administrator. Then, unless --insecure says otherwise, also
//   - Host must be a loopback name: any other may be a name that a web page's owner has made to lead here (DNS
//   rebinding);
//   - the origin must be a loopback one, whatever --cors-origins says.
#pragma once

#include <httplib.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "error.hpp"
#include "options.hpp"

namespace threefactor::transport {

// "scheme://host:port" or, without a scheme, "host:port" as a Host header has it.
struct Authority {
  std::string scheme;  // in lower case; empty: of a Host header
  std::string host;    // in lower case, an IPv6 address in its brackets
  int port = 0;        // 0: not said
};
// Null for everything else: a path, user information, "null", other characters.
std::optional<Authority> ReadAuthority(std::string_view text);

// localhost, names below it, 127.0.0.0/8 in four decimal parts, [::1]; a dot at the end is no difference.
bool IsLoopbackName(std::string_view host);

// Throws std::runtime_error for an entry of --cors-origins that is neither "*" nor an origin, in which the first label
// of the host may be "*".
void CheckOrigins(const std::vector<std::string>& allowed);

struct OriginVerdict {
  std::optional<Error> refusal;  // 403, without running anything
  std::string cors_headers;      // of the answer, each ended by CRLF; none for a refusal
};
OriginVerdict JudgeOrigin(const httplib::Headers& headers, const Options& options);

// Further lines for the answer to a preflight. `requested`: its Access-Control-Request-Headers.
std::string PreflightHeaders(std::string_view requested);

}  // namespace threefactor::transport
