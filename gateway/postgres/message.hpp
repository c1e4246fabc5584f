// What libpq says of a failure. It may quote values of rows, or errors of statements that a session ran before.
#pragma once

#include <libpq-fe.h>

#include <string>
#include <string_view>

namespace threefactor::postgres {

// The lines of a message of libpq, of which it may have several and the last of which ends too, as one.
std::string OneLine(std::string_view message);
std::string MessageOf(const PGconn* connection);

}  // namespace threefactor::postgres
