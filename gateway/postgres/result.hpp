// What a result of libpq holds.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "postgres/handles.hpp"

namespace threefactor::postgres {

std::string_view SqlState(const PGresult* result);  // empty when the failure is not the server's
Error ErrorOf(const PGresult* result, std::string path);
// The same for who asks by GraphQL: of what a role may not touch, Postgres tells the name, which it need not know.
// Messages of users' own code stay.
Error GraphqlErrorOf(const PGresult* result, std::string path);

// The value at (0, column) in the response: "null" for NULL, `empty` where there is no row.
std::string_view ResponseText(const PGresult* result, int column, std::string_view empty);
std::size_t ValueSize(const PGresult* result);  // bytes of the value at (0, 0); 0: there is none

}  // namespace threefactor::postgres
