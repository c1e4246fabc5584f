// The launcher: one background worker of the cluster that keeps a delivery worker running in every database that has
// the extension. On a standby it starts with promotion. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::launcher {

void Register();  // in _PG_init

// In a transaction that makes the extension: at its commit the launcher is asked to start a worker here.
void WantWorkerAtCommit();
// When this transaction commits, a worker looks whether the new database, a copy of its template, has the extension.
void VisitAtCommit(Oid database);
// Ends the worker of `database` and keeps it away, waiting until it is gone; the second lifts that.
void Detach(Oid database);
void Attach(Oid database);

}  // namespace threefactor::launcher

extern "C" {
PGDLLEXPORT void threefactor_launcher_main(Datum argument);
// Of delivery/worker.cpp; argument: index of the slot. Exits 0 when the database has no extension (ReleaseSlot first).
PGDLLEXPORT void threefactor_worker_main(Datum argument);
}
