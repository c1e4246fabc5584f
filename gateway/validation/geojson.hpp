// GeoJSON, the input of geometry and geography (dialect reference, section 2).
#pragma once

#include <string>
#include <string_view>

namespace threefactor::validation {

// `json`: a JSON text. Throws Error(kParseFailed) at `path` when it is no geometry of RFC 7946 (a member `crs` and what
// else there is besides are for Postgres to judge).
void CheckGeoJson(std::string_view json, const std::string& path);

}  // namespace threefactor::validation
