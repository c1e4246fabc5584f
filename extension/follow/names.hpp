// Names that statements take from functions, columns, tables and schemas: the metadata of the GraphQL API is kept by
// them
// (../../sql/follow.sql), and follows in the same transaction, whoever runs the statement. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::follow {

// In _PG_init: notes, before it happens, what each function, column, table and schema is called that is altered or
// dropped.
void InstallNameHook();

// After a statement: calls threefactor_private.follow_names, with the rights of its owner, if something was noted and
// the extension is there.
void FollowNames();

}  // namespace threefactor::follow
