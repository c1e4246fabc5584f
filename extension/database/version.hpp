// The version of the extension in this database, which may be older than the library: a new library serves the old
// objects until somebody runs ALTER EXTENSION threefactor UPDATE. Writers are captured meanwhile, nothing is delivered.
// Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::version {

// Of pg_extension, palloc'd; null: the extension is not installed. In a transaction.
const char* Installed();

// The objects are those that this library delivers from.
bool IsCurrent(const char* installed);

// Returns when they are, or when the extension is gone; says once in the log what it waits for. For a worker, outside a
// transaction.
void AwaitCurrent();

// Raises when the function was declared by another version, with other arguments.
void RequireArguments(FunctionCallInfo fcinfo, int count);

}  // namespace threefactor::version
