// What an administrator has set for everybody's sessions (postgresql.conf, ALTER DATABASE, ALTER ROLE) must not change
// what our own processes do, nor whose rights they have. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::pg {

// Pins role, session authorization and settings of this background worker, for its life. REQUIRES: no transaction.
void PinSession();

// For this transaction: the role is the session's own, and no other one; settings that would change what triggers and
// policies do are Postgres' own. For a process that runs statements of users, who may set the rest.
void PinRights();

}  // namespace threefactor::pg
