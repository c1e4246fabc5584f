// What stands in the place of a row that is too large to keep (threefactor.max_payload_size):
// {"threefactor_omitted": true, "bytes": n}, n being the size of its JSON text. No row of a table is written with that
// space, so that none is taken for it.
#pragma once

#include <string_view>

namespace threefactor {

inline constexpr std::string_view kOmitted = R"({"threefactor_omitted": true, "bytes": )";  // the number and } follow

inline bool IsOmitted(std::string_view row) {
  return row.starts_with(kOmitted);
}

}  // namespace threefactor
