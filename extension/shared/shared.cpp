#include "shared/shared.hpp"

#include "pg/errors.hpp"
#include "settings/settings.hpp"

extern "C" {
#include <utils/wait_event.h>
}

namespace threefactor::shared {

namespace {

constexpr char kName[] = "threefactor";
// xids that the counter of positions skips at every start, so that positions grow over restarts (sql/outbox.sql).
constexpr int kPositionBitsPerXid = 24;
constexpr int kLongestWaitForSlot = 5000;  // milliseconds
constexpr int kPauseForSlot = 10;          // likewise

shmem_request_hook_type previous_request_hook = nullptr;
shmem_startup_hook_type previous_startup_hook = nullptr;
SharedState* state = nullptr;
DatabaseSlot* own_slot = nullptr;  // of this backend's database, as of own_assignments
uint32 own_assignments = 0;

Size StateSize() {
  return add_size(offsetof(SharedState, slots), mul_size(sizeof(DatabaseSlot), settings::max_databases));
}

void RequestSharedMemory() {
  if (previous_request_hook) previous_request_hook();
  RequestAddinShmemSpace(StateSize());
  RequestNamedLWLockTranche(kName, 1);
}

void InitialiseSlot(DatabaseSlot& slot) {
  slot.worker_count = 1;
  pg_atomic_init_u32(&slot.wants_events, 0);
  pg_atomic_init_u32(&slot.rotation, 0);
  pg_atomic_init_u32(&slot.attempt_partition, 0);
  pg_atomic_init_u32(&slot.partitions, 1);
  pg_atomic_init_u32(&slot.pinned, 0);
  pg_atomic_init_u64(&slot.position, 0);
  pg_atomic_init_u32(&slot.definitions, 1);
  pg_atomic_init_u32(&slot.parked, 1);
  pg_atomic_init_u32(&slot.schedules, 1);
  pg_atomic_init_u32(&slot.watchers, 0);
  pg_atomic_init_u32(&slot.without_room, 0);
  pg_atomic_init_u32(&slot.resting, 0);
  SpinLockInit(&slot.changes_lock);
}

void StartSharedMemory() {
  if (previous_startup_hook) previous_startup_hook();
  LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
  bool found = false;
  state = static_cast<SharedState*>(ShmemInitStruct(kName, StateSize(), &found));
  if (!found) {
    memset(state, 0, StateSize());
    state->lock = &GetNamedLWLockTranche(kName)->lock;
    state->slot_count = settings::max_databases;
    pg_atomic_init_u32(&state->assignments, 1);
    pg_atomic_init_u32(&state->lacking, 0);
    pg_atomic_init_u32(&state->visiting, 1);
    if (!pg_strong_random(&state->epoch, sizeof state->epoch)) elog(ERROR, "threefactor: no random numbers");
    for (int i = 0; i < state->slot_count; i++) InitialiseSlot(state->slots[i]);
  }
  LWLockRelease(AddinShmemInitLock);
}

DatabaseSlot* Lookup(Oid database) {
  for (int i = 0; i < state->slot_count; i++)
    if (state->slots[i].database == database) return &state->slots[i];
  return nullptr;
}

// REQUIRES: the lock, exclusively.
DatabaseSlot* LookupOrTake(Oid database) {
  if (DatabaseSlot* slot = Lookup(database)) return slot;
  DatabaseSlot* slot = Lookup(InvalidOid);
  if (!slot) return nullptr;
  slot->database = database;
  memset(slot->workers, 0, sizeof slot->workers);
  slot->worker_count = 1;
  slot->wanted_again = slot->lacks_process = false;
  slot->gauges.count = 0;
  pg_atomic_write_u64(&slot->position, 0);
  pg_atomic_write_u32(&slot->rotation, 0);
  pg_atomic_fetch_add_u32(&state->assignments, 1);
  return slot;
}

}  // namespace

void Request() {
  previous_request_hook = shmem_request_hook;
  shmem_request_hook = RequestSharedMemory;
  previous_startup_hook = shmem_startup_hook;
  shmem_startup_hook = StartSharedMemory;
}

bool IsPreloaded() {
  return state != nullptr;
}

SharedState& State() {
  if (!state)
    ereport(ERROR, errcode(ERRCODE_THREEFACTOR_NOT_PRELOADED), errmsg("threefactor is not preloaded"),
            errhint("Add threefactor to shared_preload_libraries in postgresql.conf and restart the server."));
  return *state;
}

DatabaseSlot* FindSlot() {
  if (!state) return nullptr;
  const uint32 assignments = pg_atomic_read_u32(&state->assignments);
  if (own_assignments == assignments) return own_slot;
  LWLockAcquire(state->lock, LW_SHARED);
  own_slot = Lookup(MyDatabaseId);
  LWLockRelease(state->lock);
  own_assignments = assignments;
  return own_slot;
}

DatabaseSlot* TryObtainSlot(Oid database) {
  SharedState& shared = State();
  LWLockAcquire(shared.lock, LW_EXCLUSIVE);
  DatabaseSlot* slot = LookupOrTake(database);
  LWLockRelease(shared.lock);
  return slot;
}

DatabaseSlot* ObtainSlot(Oid database) {
  DatabaseSlot* slot = TryObtainSlot(database);
  for (int waited = 0; !slot && pg_atomic_read_u32(&State().visiting) && waited < kLongestWaitForSlot;
       waited += kPauseForSlot) {
    (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, kPauseForSlot, PG_WAIT_EXTENSION);
    ResetLatch(MyLatch);
    CHECK_FOR_INTERRUPTS();
    slot = TryObtainSlot(database);
  }
  if (!slot)
    ereport(ERROR, errcode(ERRCODE_THREEFACTOR_TOO_MANY_DATABASES),
            errmsg("threefactor is already used by %d databases", State().slot_count),
            errhint("Raise threefactor.max_databases and restart the server."));
  return slot;
}

void WantWorker(Oid database) {
  SharedState& shared = State();
  LWLockAcquire(shared.lock, LW_EXCLUSIVE);
  bool wanted = false;
  if (DatabaseSlot* slot = LookupOrTake(database)) {
    WorkerState& state = slot->workers[0].state;
    wanted = state == WorkerState::kFree;
    if (wanted)
      state = WorkerState::kWanted;
    else if (state == WorkerState::kStarting || state == WorkerState::kRunning)
      slot->wanted_again = true;
  }
  LWLockRelease(shared.lock);
  if (wanted) WakeLauncher();
}

void EnsureWorker() {
  const DatabaseSlot* slot = FindSlot();
  if (state && (!slot || slot->workers[0].state == WorkerState::kFree)) WantWorker(MyDatabaseId);
}

void ReleaseSlot(Oid database) {
  SharedState& shared = State();
  LWLockAcquire(shared.lock, LW_EXCLUSIVE);
  DatabaseSlot* slot = Lookup(database);
  const bool again = slot && slot->wanted_again;
  if (slot) {
    slot->wanted_again = false;
    slot->worker_count = 1;
    slot->workers[0].pid = 0;
    slot->workers[0].state = again ? WorkerState::kWanted : WorkerState::kFree;
    if (!again) {
      slot->database = InvalidOid;
      pg_atomic_fetch_add_u32(&shared.assignments, 1);
    }
  }
  LWLockRelease(shared.lock);
  WakeLauncher();  // it may have a database waiting for a slot
}

int SlotIndex(const DatabaseSlot& slot) {
  return static_cast<int>(&slot - state->slots);
}

uint64 NextPosition(DatabaseSlot& slot) {
  if (pg_atomic_read_u64(&slot.position) == 0) {
    uint64 unset = 0;
    const uint64 base = U64FromFullTransactionId(ReadNextFullTransactionId()) << kPositionBitsPerXid;
    pg_atomic_compare_exchange_u64(&slot.position, &unset, base);
  }
  return pg_atomic_fetch_add_u64(&slot.position, 1);
}

void SetWorkerCount(DatabaseSlot& slot, int count) {
  LWLockAcquire(state->lock, LW_EXCLUSIVE);
  slot.worker_count = count;
  LWLockRelease(state->lock);
  WakeLauncher();
}

bool OthersRun(const DatabaseSlot& slot, int from) {
  for (int i = Max(from, 1); i < kMostWorkers; i++)
    if (slot.workers[i].state == WorkerState::kStarting || slot.workers[i].state == WorkerState::kRunning) return true;
  return false;
}

void RingDoorbell(const DatabaseSlot& slot) {
  const int count = slot.worker_count;
  for (int i = 0; i < count; i++)
    if (Latch* const latch = slot.workers[i].latch) SetLatch(latch);
}

void RingForEvents(const DatabaseSlot& slot) {
  if (pg_atomic_read_u32(const_cast<pg_atomic_uint32*>(&slot.wants_events)) != 0) RingDoorbell(slot);
}

void WakeLauncher() {
  LWLockAcquire(state->lock, LW_SHARED);
  if (state->launcher_latch) SetLatch(state->launcher_latch);
  LWLockRelease(state->lock);
}

}  // namespace threefactor::shared
