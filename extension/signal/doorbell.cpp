#include "signal/doorbell.hpp"

extern "C" {
#include <commands/async.h>
}

namespace threefactor::signal {

bool NewestChange(shared::DatabaseSlot& slot, uint64* sequence) {
  SpinLockAcquire(&slot.changes_lock);
  *sequence = slot.newest_change;
  SpinLockRelease(&slot.changes_lock);
  return *sequence != 0;
}

bool WatchersWait(shared::DatabaseSlot& slot, uint64 announced) {
  uint64 newest = 0;
  return pg_atomic_read_u32(&slot.watchers) > 0 && NewestChange(slot, &newest) && newest > announced;
}

void NotifyWatchers(shared::DatabaseSlot& slot, uint64* announced) {
  uint64 newest = 0;
  if (pg_atomic_read_u32(&slot.watchers) == 0 || !NewestChange(slot, &newest) || newest <= *announced) return;
  char payload[64];
  pg_snprintf(payload, sizeof payload, UINT64_FORMAT " " UINT64_FORMAT, shared::State().epoch, newest);
  Async_Notify(kChannel, payload);
  *announced = newest;
}

}  // namespace threefactor::signal
