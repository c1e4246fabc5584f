// Where the delivery worker's process begins and ends. Postgres-side, up to Worker::Run.
#include "delivery/worker.hpp"
#include "launcher.hpp"
#include "pg/guard.hpp"
#include "version.hpp"

namespace threefactor::delivery {

namespace {

using shared::DatabaseSlot;
using shared::SharedState;
using shared::WorkerState;

constexpr int kRestartDelayMilliseconds = 1000;  // after a failure

// False: the slot does not want this process.
bool TakeSlot(DatabaseSlot& slot, Oid* database) {
  SharedState& state = shared::State();
  LWLockAcquire(state.lock, LW_EXCLUSIVE);
  const bool wanted = slot.database != InvalidOid && slot.state == WorkerState::kStarting;
  if (wanted) {
    slot.state = WorkerState::kRunning;
    slot.worker_pid = MyProcPid;
    slot.worker_latch = MyLatch;
    *database = slot.database;
  }
  LWLockRelease(state.lock);
  shared::WakeLauncher();  // it may have the next database to visit
  return wanted;
}

void LeaveSlot(int code, Datum argument) {
  SharedState& state = shared::State();
  DatabaseSlot& slot = state.slots[DatumGetInt32(argument)];
  gauges::Withdraw(slot);
  LWLockAcquire(state.lock, LW_EXCLUSIVE);
  if (slot.worker_pid == MyProcPid) {
    slot.worker_pid = 0;
    slot.worker_latch = nullptr;
    if (slot.state == WorkerState::kRunning) {
      slot.state = WorkerState::kWanted;
      slot.not_before = code == 0 ? 0 : TimestampTzPlusMilliseconds(GetCurrentTimestamp(), kRestartDelayMilliseconds);
    }
  }
  LWLockRelease(state.lock);
  shared::WakeLauncher();
}

Worker* running = nullptr;

// Before anything that the worker's thread and its appliers use is taken down.
void StopWorker(int, Datum) {
  if (running) running->Stop();
}

// What an administrator set for everybody's sessions must not change what the worker does.
void PinSettings() {
  static constexpr const char* kPinned[][2] = {{"search_path", "pg_catalog"},
                                               {"default_transaction_isolation", "read committed"},
                                               {"default_transaction_read_only", "off"},
                                               {"default_transaction_deferrable", "off"},
                                               {"statement_timeout", "0"},
                                               {"lock_timeout", "0"},
                                               {"idle_in_transaction_session_timeout", "0"},
                                               {"session_replication_role", "origin"},
                                               {"enable_seqscan", "off"},
                                               {"enable_bitmapscan", "off"},
                                               {"jit", "off"}};
  for (const auto& [name, value] : kPinned) SetConfigOption(name, value, PGC_SUSET, PGC_S_SESSION);
  if (synchronous_commit < SYNCHRONOUS_COMMIT_ON)
    SetConfigOption("synchronous_commit", "on", PGC_USERSET, PGC_S_SESSION);
}

}  // namespace

}  // namespace threefactor::delivery

void threefactor_worker_main(Datum argument) {
  using namespace threefactor;
  pqsignal(SIGHUP, SignalHandlerForConfigReload);
  pqsignal(SIGTERM, die);
  BackgroundWorkerUnblockSignals();

  shared::DatabaseSlot& slot = shared::State().slots[DatumGetInt32(argument)];
  Oid database = InvalidOid;
  if (!delivery::TakeSlot(slot, &database)) return;
  before_shmem_exit(delivery::LeaveSlot, argument);
  BackgroundWorkerInitializeConnectionByOid(database, InvalidOid, 0);
  before_shmem_exit(delivery::StopWorker, 0);
  pgstat_report_appname("threefactor delivery");
  delivery::PinSettings();
  version::AwaitCurrent();

  pg::Entered([&] {
    delivery::Worker worker(slot);
    delivery::running = &worker;
    struct Reset {
      ~Reset() { delivery::running = nullptr; }
    } reset;
    worker.Run();
  });
  shared::ReleaseSlot(database);
}
