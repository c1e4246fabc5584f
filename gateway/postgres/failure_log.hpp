// What the log says of failures in the database. What Postgres says of one (message, detail, hint, context) may hold
// values of rows, so that none of it is logged: administrators find it in the response's extensions.internal.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace threefactor {

// "SQLSTATE 23505 (unique_violation)"; of an error that has no SQLSTATE, its code.
std::string FailureKind(std::string_view sqlstate);
std::string FailureKind(const Error& error);

// Warns of an operation whose client is told no more than "database query error"; other errors are the client's own.
// `request_id`, `operation_name`: the client's; left out where they are empty or not printable.
void LogFailure(const Error& error, std::string_view request_id, std::string_view operation_name);

}  // namespace threefactor
