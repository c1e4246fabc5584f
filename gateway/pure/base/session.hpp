// Who asks, and on whose behalf a statement runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace threefactor {

struct Session {
  std::string database_role;        // SET LOCAL ROLE; empty: the login role itself (admin)
  std::string session_variables;    // JSON object of x-hasura-* (lower-case names), becomes the setting hasura.user;
                                    // empty: none
  std::string statement_timeout{};  // of the database role, as Postgres takes it: "5s"; empty: that of the connection
};

// From the headers of a request or of connection_init. One that is made from nothing may nothing.
struct Identity {
  bool is_admin = false;
  std::string role;                // as the client names it: x-hasura-role; "admin" of an administrator
  bool uses_backend_only = false;  // the permissions of the role that are for backends hold: they know the secret
  Session session;                 // database_role is filled by the roles layer from `role`
  std::optional<std::int64_t> expires_at;  // seconds since 1970, UTC; none: never
};

}  // namespace threefactor
