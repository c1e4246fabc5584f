// The `path` argument of json and jsonb columns: $.a.b[0]['any key'] (gateway/dialect/queries.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace threefactor::plan {

// The keys, outermost first; none for "$". Throws Error (path `error_path`) when the text is not a path.
std::vector<std::string> ParseJsonPath(std::string_view text, const std::string& error_path);

}  // namespace threefactor::plan
