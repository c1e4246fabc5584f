// What Postgres says of a failed statement as an error of the dialect: SQLSTATE to the code and message that frontends
// match on.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace threefactor::postgres {

Error FromPostgres(std::string_view sqlstate, std::string_view message, std::string_view detail, std::string_view hint,
                   std::string path);

// The connection ended while an operation was on it. `why` is one line of libpq.
Error LostConnection(std::string_view why, bool is_outcome_unknown);

// Whether DDL since the statement was made, or prepared, may be what it failed for: a name that is gone, a type that is
// another, "cache lookup failed", "cached plan must not change result type". Nothing was written, so it can be
// repeated.
bool MayBeOutdated(std::string_view sqlstate);

}  // namespace threefactor::postgres
