// Where the delivery worker's process begins and ends. Postgres-side, up to Worker::Run.
#include "database/version.hpp"
#include "delivery/worker.hpp"
#include "launcher/launcher.hpp"
#include "pg/guard.hpp"
#include "pg/pinned.hpp"

extern "C" {
#include <utils/wait_event.h>
}

namespace threefactor::delivery {

namespace {

using shared::DatabaseSlot;
using shared::SharedState;
using shared::WorkerState;

constexpr int kRestartDelayMilliseconds = 1000;  // after a failure
constexpr int kPauseMilliseconds = 10;           // between two looks at whether the others have ended

// Which one of which database this process is: the argument it was started with (launcher/launcher.cpp).
DatabaseSlot& SlotOf(Datum argument) {
  return shared::State().slots[DatumGetInt32(argument) / shared::kMostWorkers];
}
int NumberOf(Datum argument) {
  return DatumGetInt32(argument) % shared::kMostWorkers;
}

// False: the slot does not want this process.
bool TakePlace(DatabaseSlot& slot, int number, Oid* database) {
  SharedState& state = shared::State();
  shared::WorkerSlot& place = slot.workers[number];
  LWLockAcquire(state.lock, LW_EXCLUSIVE);
  const bool wanted =
      slot.database != InvalidOid && place.state == WorkerState::kStarting && number < slot.worker_count;
  if (wanted) {
    place.state = WorkerState::kRunning;
    place.pid = MyProcPid;
    place.latch = MyLatch;
    *database = slot.database;
  }
  LWLockRelease(state.lock);
  shared::WakeLauncher();  // it may have the next database to visit
  return wanted;
}

void LeavePlace(int code, Datum argument) {
  SharedState& state = shared::State();
  shared::WorkerSlot& place = SlotOf(argument).workers[NumberOf(argument)];
  gauges::Withdraw(SlotOf(argument));
  for (pg_atomic_uint32* bits : {&SlotOf(argument).without_room, &SlotOf(argument).resting})
    pg_atomic_fetch_and_u32(bits, ~(1u << NumberOf(argument)));
  LWLockAcquire(state.lock, LW_EXCLUSIVE);
  if (place.pid == MyProcPid) {
    place.pid = 0;
    place.latch = nullptr;
    if (place.state == WorkerState::kRunning) {
      place.state = WorkerState::kWanted;
      // Behind those that have waited longer.
      place.not_before = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), code == 0 ? 0 : kRestartDelayMilliseconds);
    }
  }
  LWLockRelease(state.lock);
  shared::WakeLauncher();
}

// Worker 0, when the extension is gone: until it is the only one.
void AwaitOthersEnd(DatabaseSlot& slot) {
  SharedState& state = shared::State();
  shared::SetWorkerCount(slot, 1);
  for (bool alone = false; !alone;) {
    LWLockAcquire(state.lock, LW_SHARED);
    alone = !shared::OthersRun(slot, 1);
    LWLockRelease(state.lock);
    if (alone) return;
    (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, kPauseMilliseconds, PG_WAIT_EXTENSION);
    ResetLatch(MyLatch);
    CHECK_FOR_INTERRUPTS();
  }
}

Worker* running = nullptr;

// Before anything that the worker's thread and its appliers use is taken down.
void StopWorker(int, Datum) {
  if (running) running->Stop();
}

}  // namespace

}  // namespace threefactor::delivery

void threefactor_worker_main(Datum argument) {
  using namespace threefactor;
  pqsignal(SIGHUP, SignalHandlerForConfigReload);
  pqsignal(SIGTERM, die);
  BackgroundWorkerUnblockSignals();

  shared::DatabaseSlot& slot = delivery::SlotOf(argument);
  const int number = delivery::NumberOf(argument);
  Oid database = InvalidOid;
  if (!delivery::TakePlace(slot, number, &database)) return;
  before_shmem_exit(delivery::LeavePlace, argument);
  BackgroundWorkerInitializeConnectionByOid(database, InvalidOid, 0);
  before_shmem_exit(delivery::StopWorker, 0);
  pgstat_report_appname("threefactor delivery");
  pg::PinSession();
  version::AwaitCurrent();

  pg::Entered([&] {
    delivery::Worker worker(slot, number);
    delivery::running = &worker;
    struct Reset {
      ~Reset() { delivery::running = nullptr; }
    } reset;
    worker.Run();
  });
  if (number > 0) proc_exit(1);  // until worker 0 has noticed too
  delivery::AwaitOthersEnd(slot);
  shared::ReleaseSlot(database);
}
