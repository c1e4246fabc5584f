// threefactor_private.worker_status(): what shared memory knows of this database. For the view threefactor.status.
#include "database/version.hpp"
#include "shared/shared.hpp"

extern "C" {
#include <funcapi.h>
}

namespace threefactor {
namespace {

// REQUIRES: the lock.
const char* StateName(const shared::SharedState& shared, const shared::DatabaseSlot& slot) {
  const shared::WorkerState state = slot.workers[0].state;
  if (state == shared::WorkerState::kWanted && slot.lacks_process)
    return "waits for a background worker slot (max_worker_processes)";
  if (state == shared::WorkerState::kWanted && !shared.launcher_latch)
    return "waits for the launcher, which is not running";
  switch (state) {
    case shared::WorkerState::kFree:
      return "none";
    case shared::WorkerState::kWanted:
      return "wanted";
    case shared::WorkerState::kStarting:
      return "starting";
    case shared::WorkerState::kRunning:
      return "running";
    case shared::WorkerState::kDetached:
      return "detached";
  }
  return "unknown";
}

}  // namespace
}  // namespace threefactor

THREEFACTOR_SQL_FUNCTION(threefactor_worker_status);

// () -> (state text, pid integer, watchers integer)
Datum threefactor_worker_status(PG_FUNCTION_ARGS) {
  using namespace threefactor;
  TupleDesc descriptor = nullptr;
  if (get_call_result_type(fcinfo, nullptr, &descriptor) != TYPEFUNC_COMPOSITE)
    elog(ERROR, "threefactor_private.worker_status must return a row");
  const shared::SharedState& state = shared::State();
  const char* installed = version::Installed();
  if (installed && !RecoveryInProgress()) shared::EnsureWorker();
  const char* text = "waits for a place (threefactor.max_databases)";
  pid_t pid = 0;
  uint32 watchers = 0;
  if (shared::DatabaseSlot* slot = shared::FindSlot()) {
    LWLockAcquire(state.lock, LW_SHARED);
    text = StateName(state, *slot);
    pid = slot->workers[0].pid;
    LWLockRelease(state.lock);
    if (pg_atomic_read_u32(&slot->without_room) != 0) text = "waits for room on disk";
    watchers = pg_atomic_read_u32(&slot->watchers);
  } else if (RecoveryInProgress()) {
    text = "none";
  }
  if (installed && !version::IsCurrent(installed)) text = "waits for ALTER EXTENSION threefactor UPDATE";
  Datum values[3] = {CStringGetTextDatum(text), Int32GetDatum(pid), Int32GetDatum(watchers)};
  bool nulls[3] = {false, pid == 0, false};
  PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor), values, nulls)));
}
