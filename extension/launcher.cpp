#include "launcher.hpp"

#include "shared.hpp"

extern "C" {
#include <utils/syscache.h>
#include <utils/wait_event.h>
}

namespace threefactor::launcher {

using shared::DatabaseSlot;
using shared::SharedState;
using shared::WorkerState;

namespace {

constexpr int kSweepMilliseconds = 10000;        // the longest sleep
constexpr int kRestartDelayMilliseconds = 1000;  // after a worker failed
constexpr int kComplaintPauseMilliseconds = 60000;
constexpr int kMostVisits = 4;               // at a time
Oid want_worker = InvalidOid;                // where this transaction made the extension, or a database
List* unvisited = NIL;                       // databases that no worker of this launcher has looked at
TimestampTz no_workers_until = 0;            // the server has no room for another worker
TimestampTz complain_after = 0;              // about that, not every time
BackgroundWorkerHandle** handles = nullptr;  // by slot, of the workers this launcher started

// Every database may have the extension when the server starts; there may be more of them than slots.
void FindDatabases() {
  StartTransactionCommand();
  PushActiveSnapshot(GetTransactionSnapshot());
  const Relation databases = table_open(DatabaseRelationId, AccessShareLock);
  const TableScanDesc scan = table_beginscan_catalog(databases, 0, nullptr);
  while (HeapTuple tuple = heap_getnext(scan, ForwardScanDirection)) {
    const auto* database = reinterpret_cast<Form_pg_database>(GETSTRUCT(tuple));
    if (!database->datallowconn || database->datistemplate) continue;
    const MemoryContext caller = MemoryContextSwitchTo(TopMemoryContext);
    unvisited = lappend_oid(unvisited, database->oid);
    MemoryContextSwitchTo(caller);
  }
  table_endscan(scan);
  table_close(databases, AccessShareLock);
  PopActiveSnapshot();
  CommitTransactionCommand();
}

// Slots whose worker is still to come, for the first time.
int CountStarting() {
  SharedState& state = shared::State();
  int count = 0;
  LWLockAcquire(state.lock, LW_SHARED);
  for (int i = 0; i < state.slot_count; i++)
    count += OidIsValid(state.slots[i].database) && state.slots[i].not_before == 0 &&
             (state.slots[i].state == WorkerState::kWanted || state.slots[i].state == WorkerState::kStarting);
  LWLockRelease(state.lock);
  return count;
}

// A worker looks whether the extension is there; if not, it gives its slot back, and another database has its turn. A
// few at a time: writers of a database that has the extension need a slot meanwhile.
void VisitDatabases() {
  SharedState& state = shared::State();
  const int most = Max(1, Min(kMostVisits, state.slot_count / 2));
  int starting = CountStarting();
  pg_atomic_write_u32(&state.visiting, unvisited != NIL || starting > 0);
  if (GetCurrentTimestamp() < no_workers_until) return;
  for (; unvisited != NIL && starting < most; starting++) {
    DatabaseSlot* slot = shared::TryObtainSlot(linitial_oid(unvisited));
    if (!slot) return;
    LWLockAcquire(state.lock, LW_EXCLUSIVE);
    if (slot->state == WorkerState::kFree) slot->state = WorkerState::kWanted;
    LWLockRelease(state.lock);
    unvisited = list_delete_first(unvisited);
  }
}

BackgroundWorkerHandle* StartWorker(int index, Oid database) {
  BackgroundWorker worker = {};
  snprintf(worker.bgw_name, BGW_MAXLEN, "threefactor delivery (database %u)", database);
  strlcpy(worker.bgw_type, "threefactor delivery", BGW_MAXLEN);
  strlcpy(worker.bgw_library_name, "threefactor", BGW_MAXLEN);
  strlcpy(worker.bgw_function_name, "threefactor_worker_main", BGW_MAXLEN);
  worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
  worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
  worker.bgw_restart_time = BGW_NEVER_RESTART;  // the launcher starts it again
  worker.bgw_main_arg = Int32GetDatum(index);
  worker.bgw_notify_pid = MyProcPid;
  BackgroundWorkerHandle* handle = nullptr;
  (void)RegisterDynamicBackgroundWorker(&worker, &handle);
  return handle;
}

bool DatabaseExists(Oid database) {
  StartTransactionCommand();
  const bool exists = SearchSysCacheExists1(DATABASEOID, ObjectIdGetDatum(database));
  CommitTransactionCommand();
  return exists;
}

// A worker can end without having said so, at any point from its start on ("too many connections", a failed start): its
// slot becomes wanted again, after the delay. A slot that was starting under an earlier launcher counts as ended too;
// should its worker yet appear, the second one to come finds the slot running and goes.
void NoticeEnded() {
  SharedState& state = shared::State();
  for (int i = 0; i < state.slot_count; i++) {
    DatabaseSlot& slot = state.slots[i];
    pid_t pid = 0;
    const bool ended = handles[i] && GetBackgroundWorkerPid(handles[i], &pid) == BGWH_STOPPED;
    if (handles[i] && !ended) continue;
    if (ended) {
      pfree(handles[i]);
      handles[i] = nullptr;
    }
    LWLockAcquire(state.lock, LW_SHARED);
    const Oid database = slot.database;
    LWLockRelease(state.lock);
    if (ended && OidIsValid(database) && !DatabaseExists(database)) {
      shared::ReleaseSlot(database);
      continue;
    }
    LWLockAcquire(state.lock, LW_EXCLUSIVE);
    if (slot.state == WorkerState::kStarting || (ended && slot.state == WorkerState::kRunning)) {
      slot.state = WorkerState::kWanted;
      slot.worker_pid = 0;
      slot.not_before = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), kRestartDelayMilliseconds);
    }
    LWLockRelease(state.lock);
  }
}

// Starts what is wanted; returns milliseconds until the next try is due.
long StartWanted() {
  SharedState& state = shared::State();
  const TimestampTz now = GetCurrentTimestamp();
  long wait = kSweepMilliseconds;
  for (int i = 0; i < state.slot_count; i++) {
    DatabaseSlot& slot = state.slots[i];
    LWLockAcquire(state.lock, LW_EXCLUSIVE);
    const bool wanted = slot.database != InvalidOid && slot.state == WorkerState::kWanted;
    const Oid database = slot.database;
    const long delay = wanted ? TimestampDifferenceMilliseconds(now, slot.not_before) : 0;
    const bool due = wanted && delay <= 0;
    if (due) slot.state = WorkerState::kStarting;
    LWLockRelease(state.lock);
    if (wanted && !due) wait = Min(wait, delay);
    if (!due) continue;
    handles[i] = StartWorker(i, database);
    if (!handles[i]) {
      if (now >= complain_after) {
        ereport(LOG, errmsg("threefactor: no background worker slot for database %u", database),
                errhint("Raise max_worker_processes and restart the server."));
        complain_after = TimestampTzPlusMilliseconds(now, kComplaintPauseMilliseconds);
      }
      LWLockAcquire(state.lock, LW_EXCLUSIVE);
      slot.state = WorkerState::kWanted;
      slot.not_before = no_workers_until = TimestampTzPlusMilliseconds(now, kRestartDelayMilliseconds);
      LWLockRelease(state.lock);
    }
  }
  return Max(wait, 1L);
}

void LeaveLauncher(int, Datum) {
  SharedState& state = shared::State();
  LWLockAcquire(state.lock, LW_EXCLUSIVE);
  state.launcher_latch = nullptr;
  LWLockRelease(state.lock);
}

void OnTransaction(XactEvent event, void*) {
  // Also when the extension was not made after all: the worker finds none, and gives the slot back.
  if ((event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT) && OidIsValid(want_worker))
    shared::WantWorker(want_worker);
  if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE) want_worker = InvalidOid;
}

}  // namespace

void Register() {
  BackgroundWorker worker = {};
  strlcpy(worker.bgw_name, "threefactor launcher", BGW_MAXLEN);
  strlcpy(worker.bgw_type, "threefactor launcher", BGW_MAXLEN);
  strlcpy(worker.bgw_library_name, "threefactor", BGW_MAXLEN);
  strlcpy(worker.bgw_function_name, "threefactor_launcher_main", BGW_MAXLEN);
  worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
  worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
  worker.bgw_restart_time = 1;
  RegisterBackgroundWorker(&worker);
  RegisterXactCallback(OnTransaction, nullptr);
}

void WantWorkerAtCommit() {
  shared::ObtainSlot(MyDatabaseId);
  want_worker = MyDatabaseId;
}

void VisitAtCommit(Oid database) {
  want_worker = database;
}

void Detach(Oid database) {
  SharedState& state = shared::State();
  for (;;) {
    pid_t pid = 0;
    LWLockAcquire(state.lock, LW_EXCLUSIVE);
    for (int i = 0; i < state.slot_count; i++) {
      DatabaseSlot& slot = state.slots[i];
      if (slot.database != database) continue;
      // A worker that is only just starting is waited for: it ends itself when it finds the mark.
      pid = slot.state == WorkerState::kStarting ? -1 : slot.worker_pid;
      if (slot.state != WorkerState::kStarting) slot.state = WorkerState::kDetached;
    }
    LWLockRelease(state.lock);
    if (pid == 0) return;
    if (pid > 0) kill(pid, SIGTERM);
    (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, 10, PG_WAIT_EXTENSION);
    ResetLatch(MyLatch);
    CHECK_FOR_INTERRUPTS();
  }
}

void Attach(Oid database) {
  SharedState& state = shared::State();
  LWLockAcquire(state.lock, LW_EXCLUSIVE);
  for (int i = 0; i < state.slot_count; i++)
    if (state.slots[i].database == database && state.slots[i].state == WorkerState::kDetached)
      state.slots[i].state = WorkerState::kWanted;
  LWLockRelease(state.lock);
  shared::WakeLauncher();
}

}  // namespace threefactor::launcher

void threefactor_launcher_main(Datum) {
  using namespace threefactor;
  pqsignal(SIGHUP, SignalHandlerForConfigReload);
  pqsignal(SIGTERM, die);
  BackgroundWorkerUnblockSignals();
  BackgroundWorkerInitializeConnection(nullptr, nullptr, 0);
  pgstat_report_appname("threefactor launcher");

  shared::SharedState& state = shared::State();
  LWLockAcquire(state.lock, LW_EXCLUSIVE);
  state.launcher_latch = MyLatch;
  LWLockRelease(state.lock);
  before_shmem_exit(launcher::LeaveLauncher, 0);

  launcher::handles = static_cast<BackgroundWorkerHandle**>(
      MemoryContextAllocZero(TopMemoryContext, sizeof(BackgroundWorkerHandle*) * state.slot_count));
  launcher::FindDatabases();
  for (;;) {
    launcher::NoticeEnded();
    launcher::VisitDatabases();
    const long wait = launcher::StartWanted();
    (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, wait, PG_WAIT_EXTENSION);
    ResetLatch(MyLatch);
    CHECK_FOR_INTERRUPTS();
    if (ConfigReloadPending) {
      ConfigReloadPending = false;
      ProcessConfigFile(PGC_SIGHUP);
    }
  }
}
