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

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "options/authority.hpp"
#include "options/options.hpp"

namespace threefactor::transport {

struct OriginVerdict {
  std::optional<Error> refusal;  // 403, without running anything
  std::string cors_headers;      // of the answer, each ended by CRLF; none for a refusal
};
OriginVerdict JudgeOrigin(const httplib::Headers& headers, const Options& options);

// Whether the request's cookies say who asks: a browser adds them to the requests of any page. With "*" in
// --cors-origins they do so only where no page made the request, or one of the gateway's own. `headers`: names in lower
// case.
bool MayUseCookies(const std::map<std::string, std::string>& headers, const Options& options);

// Further lines for the answer to a preflight. `requested`: its Access-Control-Request-Headers.
std::string PreflightHeaders(std::string_view requested);

}  // namespace threefactor::transport
