// Who asks, and on whose behalf a statement runs.
#pragma once

#include <string>

namespace threefactor {

struct Session {
  std::string database_role;      // SET LOCAL ROLE; empty: the login role itself (admin)
  std::string session_variables;  // JSON object of x-hasura-* (lower-case names), becomes the setting hasura.user;
                                  // empty: none
};

// From the headers of a request or of connection_init. One that is made from nothing may nothing.
struct Identity {
  bool is_admin = false;
  Session session;
};

}  // namespace threefactor
