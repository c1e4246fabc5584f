// GeoJSON, the input of geometry and geography (gateway/dialect/types.md, "Geometry").
#pragma once

#include <string>

namespace threefactor::validation {

// `json`: a JSON text without space around it. Throws Error(kParseFailed) at `path` when it is no geometry of RFC 7946
// (a member `crs` and what else there is besides are for Postgres to judge). Without a `crs` its coordinates are those
// of the world, as the RFC says and st_geomfromgeojson takes it; the type's own input function would leave that open.
std::string ReadGeoJson(std::string json, const std::string& path);

}  // namespace threefactor::validation
