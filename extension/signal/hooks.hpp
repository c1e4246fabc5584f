// The hooks by which the extension sees what a transaction does: relations touched (executor), COPY, TRUNCATE, REFRESH,
// DDL and commands on databases (utility), statement ends (the capture buffer is flushed there). Postgres-side.
#pragma once

namespace threefactor::signal {

// In _PG_init. Chains the hooks that were there before.
void InstallHooks();

}  // namespace threefactor::signal
