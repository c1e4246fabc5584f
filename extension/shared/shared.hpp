// The shared memory of the extension: plain data only, each field with what protects it. One slot per database that has
// the extension. Reinitialised, with a new epoch, when the postmaster restarts after a crash. Postgres-side.
//
// A database has one worker, or as many as threefactor.workers says (delivery/README.md). Worker 0 decides: the
// launcher runs workers 0 .. worker_count - 1 and ends all others, and worker 0 begins only when no other is there that
// shall end. A worker sleeps on its latch, which a commit sets.
#pragma once

#include "pg/prelude.hpp"

#include "settings/settings.hpp"
#include "shared/gauges.hpp"

namespace threefactor::shared {

enum class ChangeKind : uint32 { kRelation = 0, kSchema = 1, kEverything = 2 };

// One entry of the ring of change signals.
struct Change {
  uint64 sequence;
  Oid relation;  // kRelation only
  ChangeKind kind;
};

inline constexpr int kChangeRingSize = 4096;

using settings::kMostWorkers;

enum class WorkerState : uint32 {
  kFree = 0,  // no worker
  kWanted,    // the launcher shall start it
  kStarting,  // registered with the postmaster
  kRunning,   // pid is set
  kDetached,  // the worker must go and stay away: the database is being dropped, renamed or copied
};

struct WorkerSlot {
  WorkerState state;       // lock
  pid_t pid;               // lock; 0: none
  TimestampTz not_before;  // lock; the launcher waits until then after the worker failed
  Latch* volatile latch;   // read without lock: a worker that has gone meanwhile is no harm; null: none
};

struct DatabaseSlot {
  Oid database;               // lock; InvalidOid: free
  bool lacks_process;         // lock; its worker 0 waits for a background worker slot of the server
  bool wanted_again;          // lock; the extension was made while a worker that may not have seen it was starting
  volatile int worker_count;  // lock to change it: workers that shall run; 1 until worker 0 has found out
  WorkerSlot workers[kMostWorkers];  // of worker 0, kFree: the slot is unused

  pg_atomic_uint32 wants_events;       // 0: the workers deliver nothing now, and events do not wake them
  pg_atomic_uint32 rotation;           // partition of the outbox that new events go to
  pg_atomic_uint32 attempt_partition;  // partition that attempts go to
  pg_atomic_uint32 partitions;         // generation: bumped when there are new ones, before anybody writes to them
  pg_atomic_uint32 pinned;             // generation: bumped when what is unsettled keeps a partition from being emptied
  pg_atomic_uint64 position;           // next event position; 0: not yet initialised (NextPosition)
  pg_atomic_uint32 definitions;        // generation: bumped after a change of event triggers committed
  pg_atomic_uint32 parked;             // generation: bumped after SQL functions changed parked deliveries
  pg_atomic_uint32 schedules;          // generation: bumped after SQL functions changed schedules
  pg_atomic_uint32 watchers;           // connections that called watch()
  pg_atomic_uint32 without_room;       // a bit for each worker that waits for room on disk
  pg_atomic_uint32 resting;            // a bit for each worker that posts nothing until adopt(), and has settled all

  gauges::Table gauges;  // lock

  slock_t changes_lock;             // protects the two below
  uint64 newest_change;             // sequence of the newest entry; 0: none yet
  Change changes[kChangeRingSize];  // entry of sequence s at s % kChangeRingSize
};

struct SharedState {
  LWLock* lock;                  // protects what says "lock"
  uint64 epoch;                  // random, set at initialisation, then constant
  Latch* launcher_latch;         // lock; null while no launcher runs
  int slot_count;                // constant after initialisation
  pg_atomic_uint32 assignments;  // bumped when a database gets or loses its slot
  pg_atomic_uint32 lacking;      // databases whose worker waits for a background worker slot of the server
  pg_atomic_uint32 visiting;  // 1: the launcher is still looking for databases with the extension; slots may get free
  DatabaseSlot slots[FLEXIBLE_ARRAY_MEMBER];
};

// In _PG_init: hooks for size and initialisation.
void Request();
// The state; raises when the library was not preloaded.
SharedState& State();
bool IsPreloaded();

// The slot of this backend's database, found once per backend; null: the database has none (no extension yet).
DatabaseSlot* FindSlot();
// The slot of `database`; takes a free one if there is none. Null when all are taken.
DatabaseSlot* TryObtainSlot(Oid database);
// Likewise; raises when all are taken. Waits a while for the launcher's visits at the start of the server to end.
DatabaseSlot* ObtainSlot(Oid database);
// Asks for a worker for `database`, taking a slot if it has none and one is free. Raises nothing: for a commit
// callback.
void WantWorker(Oid database);
// Likewise for this backend's database, unless it has one: for whoever has written what a worker is to deliver. Costs
// two reads where there is one.
void EnsureWorker();
// Gives the slot back (the extension is gone from the database), or starts over if it was made again meanwhile.
void ReleaseSlot(Oid database);
int SlotIndex(const DatabaseSlot& slot);

uint64 NextPosition(DatabaseSlot& slot);  // see outbox.sql for what it is made of
// Sets how many workers shall run. For worker 0.
void SetWorkerCount(DatabaseSlot& slot, int count);
// Another worker than worker 0 is there, or about to be. REQUIRES: the lock.
bool OthersRun(const DatabaseSlot& slot, int from);

// Wakes the slot's workers that sleep. Safe in a commit callback and a signal handler: neither raises nor allocates.
void RingDoorbell(const DatabaseSlot& slot);
// Likewise, if it delivers.
void RingForEvents(const DatabaseSlot& slot);
void WakeLauncher();

}  // namespace threefactor::shared
