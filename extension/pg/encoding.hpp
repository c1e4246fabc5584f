// Text between the database's encoding and UTF-8, which the worker uses. A character that has no counterpart becomes
// '?': an error would come again with every attempt to read that event, and hold up all others behind it.
// Postgres-side.
#pragma once

#include "pg/prelude.hpp"

#include <string_view>

namespace threefactor::pg {

// A text or json value as UTF-8, in the current memory context.
std::string_view Utf8(Datum value);
// UTF-8 as a value of type text or json.
Datum ServerText(std::string_view utf8);

}  // namespace threefactor::pg
