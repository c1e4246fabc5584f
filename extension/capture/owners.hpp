// Event triggers belong to the owner of their table: after a statement that may have given tables to other roles, what
// is kept of their owners follows (threefactor_private.follow_owners, sql/ownership.sql). Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::capture {

// After a statement.
void FollowOwners(const Node* statement);

}  // namespace threefactor::capture
