// The HTTP status of an error.
#pragma once

#include "base/error.hpp"

namespace threefactor {

// Whose answer it is: Hasura's APIs differ in what they call a fault of the request.
enum class Api {
  kGraphql,  // an error of Postgres is a fault of the server, since the caller did not write the statement
  kAdmin,    // metadata, SQL, explain: the caller wrote the statement, or the definition that it comes from
};

int HttpStatus(const Error& error, Api api);

}  // namespace threefactor
