// The authority of a URL, as origins and Host headers have it (RFC 3986, section 3.2; RFC 6454). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace threefactor {

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

}  // namespace threefactor
