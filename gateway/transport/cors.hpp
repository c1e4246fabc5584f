// Cross-origin requests from browsers (Fetch standard, "CORS protocol").
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace threefactor::transport {

// Header lines for a response to a request with this Origin; empty when the origin is not allowed, or not given.
// `allowed`: "*" (any, without credentials), "https://app.example.com", "https://*.example.com".
std::string CorsHeaders(std::string_view origin, const std::vector<std::string>& allowed);
// Further lines for the answer to a preflight.
std::string PreflightHeaders(std::string_view requested_headers);

}  // namespace threefactor::transport
