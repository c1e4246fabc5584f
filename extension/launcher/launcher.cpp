#include "launcher/launcher.hpp"

#include <utility>

#include "pg/pinned.hpp"
#include "shared/shared.hpp"

extern "C" {
#include <commands/dbcommands.h>
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
TimestampTz no_workers_until = 0;            // the server had no room for another worker
TimestampTz complain_after = 0;              // about that, not every time
BackgroundWorkerHandle** handles = nullptr;  // by PlaceOf, of the workers this launcher started

// The argument that a worker is started with.
int PlaceOf(int slot, int number) {
  return slot * shared::kMostWorkers + number;
}

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
  for (int i = 0; i < state.slot_count; i++) {
    const shared::WorkerSlot& first = state.slots[i].workers[0];
    count += OidIsValid(state.slots[i].database) && first.not_before == 0 &&
             (first.state == WorkerState::kWanted || first.state == WorkerState::kStarting);
  }
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
    if (slot->workers[0].state == WorkerState::kFree) slot->workers[0].state = WorkerState::kWanted;
    LWLockRelease(state.lock);
    unvisited = list_delete_first(unvisited);
  }
}

BackgroundWorkerHandle* StartWorker(int index, int number, Oid database) {
  BackgroundWorker worker = {};
  snprintf(worker.bgw_name, BGW_MAXLEN, "threefactor delivery %d (database %u)", number, database);
  strlcpy(worker.bgw_type, "threefactor delivery", BGW_MAXLEN);
  strlcpy(worker.bgw_library_name, "threefactor", BGW_MAXLEN);
  strlcpy(worker.bgw_function_name, "threefactor_worker_main", BGW_MAXLEN);
  worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
  worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
  worker.bgw_restart_time = BGW_NEVER_RESTART;  // the launcher starts it again
  worker.bgw_main_arg = Int32GetDatum(PlaceOf(index, number));
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
void NoticeEnded(int index, int number) {
  SharedState& state = shared::State();
  DatabaseSlot& slot = state.slots[index];
  shared::WorkerSlot& place = slot.workers[number];
  BackgroundWorkerHandle*& handle = handles[PlaceOf(index, number)];
  pid_t pid = 0;
  const bool ended = handle && GetBackgroundWorkerPid(handle, &pid) == BGWH_STOPPED;
  if (handle && !ended) return;
  if (ended) {
    pfree(handle);
    handle = nullptr;
  }
  LWLockAcquire(state.lock, LW_SHARED);
  const Oid database = slot.database;
  LWLockRelease(state.lock);
  if (ended && number == 0 && OidIsValid(database) && !DatabaseExists(database)) {
    shared::ReleaseSlot(database);
    return;
  }
  LWLockAcquire(state.lock, LW_EXCLUSIVE);
  if (place.state == WorkerState::kStarting || (ended && place.state == WorkerState::kRunning)) {
    place.state = WorkerState::kWanted;
    place.pid = 0;
    place.latch = nullptr;
    place.not_before = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), kRestartDelayMilliseconds);
  }
  LWLockRelease(state.lock);
}

// A worker too many, and it ends; one that is to be there is wanted. REQUIRES: the lock, exclusively.
void Adjust(DatabaseSlot& slot, int number) {
  shared::WorkerSlot& place = slot.workers[number];
  if (number >= slot.worker_count) {
    if (place.state == WorkerState::kRunning)
      kill(place.pid, SIGTERM);
    else if (place.state == WorkerState::kWanted)
      place.state = WorkerState::kFree;
  } else if (number > 0 && place.state == WorkerState::kFree) {
    place.state = WorkerState::kWanted;
    place.not_before = 0;
  }
}

// REQUIRES: the lock.
bool IsDue(const DatabaseSlot& slot, int number, TimestampTz now, long* wait) {
  const shared::WorkerSlot& place = slot.workers[number];
  if (!OidIsValid(slot.database) || number >= slot.worker_count || place.state != WorkerState::kWanted) return false;
  if (number == 0 && shared::OthersRun(slot, slot.worker_count)) return false;  // their end wakes the launcher
  const long delay = TimestampDifferenceMilliseconds(now, place.not_before);
  if (delay <= 0 || delay > kRestartDelayMilliseconds) return true;  // longer: the clock was set back
  *wait = Min(*wait, delay);
  return false;
}

// The one that is due and has waited longest, by its place; the first of a database before others. -1: none.
// REQUIRES: the lock.
int FindDue(TimestampTz now, long* wait) {
  const SharedState& state = shared::State();
  int found = -1;
  const auto key = [&](int place) {
    const int number = place % shared::kMostWorkers;
    return std::pair(number > 0, state.slots[place / shared::kMostWorkers].workers[number].not_before);
  };
  for (int i = 0; i < state.slot_count * shared::kMostWorkers; i++)
    if (IsDue(state.slots[i / shared::kMostWorkers], i % shared::kMostWorkers, now, wait) &&
        (found < 0 || key(i) < key(found)))
      found = i;
  return found;
}

// What waits because the server has no room for its process. REQUIRES: the lock, exclusively.
void NoteLacking(TimestampTz now) {
  SharedState& state = shared::State();
  uint32 lacking = 0;
  long wait = 0;
  for (int i = 0; i < state.slot_count; i++) {
    DatabaseSlot& slot = state.slots[i];
    slot.lacks_process = now < no_workers_until && IsDue(slot, 0, now, &wait);
    lacking += slot.lacks_process;
  }
  pg_atomic_write_u32(&state.lacking, lacking);
}

void Complain(Oid database, TimestampTz now) {
  if (now < complain_after && complain_after - now <= kComplaintPauseMilliseconds * INT64CONST(1000)) return;
  complain_after = TimestampTzPlusMilliseconds(now, kComplaintPauseMilliseconds);
  StartTransactionCommand();
  const char* name = get_database_name(database);
  ereport(
      LOG,
      errmsg("threefactor: no background worker slot (max_worker_processes) for database \"%s\"", name ? name : "?"),
      errdetail("Databases that have none take turns."), errhint("Raise max_worker_processes and restart the server."));
  CommitTransactionCommand();
}

// Starts what is wanted; returns milliseconds until the next try is due.
long StartWanted() {
  SharedState& state = shared::State();
  const TimestampTz now = GetCurrentTimestamp();
  long wait = kSweepMilliseconds;
  LWLockAcquire(state.lock, LW_EXCLUSIVE);
  for (int i = 0; i < state.slot_count * shared::kMostWorkers; i++)
    Adjust(state.slots[i / shared::kMostWorkers], i % shared::kMostWorkers);
  LWLockRelease(state.lock);
  for (;;) {
    LWLockAcquire(state.lock, LW_EXCLUSIVE);
    const bool no_room = now < no_workers_until;
    const int place = no_room ? -1 : FindDue(now, &wait);
    DatabaseSlot& slot = state.slots[Max(place, 0) / shared::kMostWorkers];
    const int number = Max(place, 0) % shared::kMostWorkers;
    const Oid database = slot.database;
    if (place >= 0)
      slot.workers[number].state = WorkerState::kStarting;
    else
      NoteLacking(now);
    LWLockRelease(state.lock);
    if (no_room) return kRestartDelayMilliseconds;
    if (place < 0) return Max(wait, 1L);
    handles[place] = StartWorker(place / shared::kMostWorkers, number, database);
    if (handles[place]) continue;
    no_workers_until = TimestampTzPlusMilliseconds(now, kRestartDelayMilliseconds);
    LWLockAcquire(state.lock, LW_EXCLUSIVE);
    if (slot.workers[number].state == WorkerState::kStarting) slot.workers[number].state = WorkerState::kWanted;
    LWLockRelease(state.lock);
    Complain(database, now);
  }
}

void LeaveLauncher(int, Datum) {
  SharedState& state = shared::State();
  LWLockAcquire(state.lock, LW_EXCLUSIVE);
  state.launcher_latch = nullptr;
  LWLockRelease(state.lock);
}

void OnTransaction(XactEvent event, void*) {
  if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE) return;
  // Also when the extension was not made after all, or only prepared: the worker finds none, and gives the slot back.
  if (OidIsValid(want_worker)) shared::WantWorker(want_worker);
  want_worker = InvalidOid;
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
  if (pg_atomic_read_u32(&shared::State().lacking) > 0)
    ereport(WARNING, errmsg("no background worker slot (max_worker_processes) is free for this database's worker"),
            errdetail("Databases whose worker has none take turns; threefactor.status says so."),
            errhint("Raise max_worker_processes and restart the server."));
  want_worker = MyDatabaseId;
}

void VisitAtCommit(Oid database) {
  want_worker = database;
}

// Tells every worker of the database to go and stay away. A process id of one that is still there; -1: one that is only
// just starting: it ends itself when it finds the mark; 0: none.
static pid_t DetachWorkers(DatabaseSlot& slot) {
  pid_t pid = 0;
  slot.worker_count = 1;
  for (shared::WorkerSlot& place : slot.workers) {
    if (place.state == WorkerState::kStarting) {
      pid = -1;
      continue;
    }
    place.state = WorkerState::kDetached;
    if (place.pid == 0) continue;
    pid = place.pid;
    kill(pid, SIGTERM);
  }
  return pid;
}

void Detach(Oid database) {
  SharedState& state = shared::State();
  for (;;) {
    pid_t pid = 0;
    LWLockAcquire(state.lock, LW_EXCLUSIVE);
    for (int i = 0; i < state.slot_count; i++)
      if (state.slots[i].database == database) pid = DetachWorkers(state.slots[i]);
    LWLockRelease(state.lock);
    if (pid == 0) return;
    (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, 10, PG_WAIT_EXTENSION);
    ResetLatch(MyLatch);
    CHECK_FOR_INTERRUPTS();
  }
}

void Attach(Oid database) {
  SharedState& state = shared::State();
  LWLockAcquire(state.lock, LW_EXCLUSIVE);
  for (int i = 0; i < state.slot_count; i++)
    if (state.slots[i].database == database)
      for (shared::WorkerSlot& place : state.slots[i].workers)
        if (place.state == WorkerState::kDetached)
          place.state = &place == state.slots[i].workers ? WorkerState::kWanted : WorkerState::kFree;
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
  pg::PinSession();

  shared::SharedState& state = shared::State();
  LWLockAcquire(state.lock, LW_EXCLUSIVE);
  state.launcher_latch = MyLatch;
  LWLockRelease(state.lock);
  before_shmem_exit(launcher::LeaveLauncher, 0);

  launcher::handles = static_cast<BackgroundWorkerHandle**>(MemoryContextAllocZero(
      TopMemoryContext, sizeof(BackgroundWorkerHandle*) * state.slot_count * shared::kMostWorkers));
  launcher::FindDatabases();
  for (;;) {
    for (int i = 0; i < state.slot_count; i++)
      for (int number = 0; number < shared::kMostWorkers; number++) launcher::NoticeEnded(i, number);
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
