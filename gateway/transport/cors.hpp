// Cross-origin requests from browsers (Fetch standard, "CORS protocol").
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace threefactor::transport {

// Header lines for a response to a request with this Origin; empty when the origin is not allowed, or not given.
// `allowed`: "*" (any, without credentials), "https://app.example.com", "https://*.example.com".
std::string CorsHeaders(std::string_view origin, const std::vector<std::string>& allowed);
// Whether a page of this origin may open a WebSocket, which no browser checks. Its own origin, that of `host`, always
// may; so may what is not a browser and names no origin.
bool MayConnect(std::string_view origin, std::string_view host, const std::vector<std::string>& allowed);
// Further lines for the answer to a preflight.
std::string PreflightHeaders(std::string_view requested_headers);

}  // namespace threefactor::transport
