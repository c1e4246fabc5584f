// What policies read about whom a statement runs for.
#pragma once

#include <string>
#include <string_view>

namespace threefactor::execute {

// The setting request.jwt.claims, from session variables as Session has them: these, and under the names that policies
// written for PostgREST or Supabase read, "role" (x-hasura-role) and "sub" (x-hasura-user-id, where there is one). Of
// none: empty.
std::string ClaimsOf(std::string_view session_variables);

}  // namespace threefactor::execute
