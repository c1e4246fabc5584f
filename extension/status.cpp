// threefactor.worker_status(): what shared memory knows of this database. For the view threefactor.status.
#include "shared.hpp"
#include "version.hpp"

extern "C" {
#include <funcapi.h>
}

namespace threefactor {
namespace {

const char* StateName(shared::WorkerState state) {
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
    elog(ERROR, "threefactor.worker_status must return a row");
  const shared::SharedState& state = shared::State();
  shared::WorkerState worker = shared::WorkerState::kFree;
  pid_t pid = 0;
  uint32 watchers = 0;
  bool without_room = false;
  if (shared::DatabaseSlot* slot = shared::FindSlot()) {
    LWLockAcquire(state.lock, LW_SHARED);
    worker = slot->workers[0].state;
    pid = slot->workers[0].pid;
    LWLockRelease(state.lock);
    without_room = pg_atomic_read_u32(&slot->without_room) != 0;
    watchers = pg_atomic_read_u32(&slot->watchers);
  }
  const char* installed = version::Installed();
  const bool current = !installed || version::IsCurrent(installed);
  const char* text = without_room ? "waits for room on disk" : StateName(worker);
  if (!current) text = "waits for ALTER EXTENSION threefactor UPDATE";
  Datum values[3] = {CStringGetTextDatum(text), Int32GetDatum(pid), Int32GetDatum(watchers)};
  bool nulls[3] = {false, pid == 0, false};
  PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor), values, nulls)));
}
