// The doorbell of the change signals: NOTIFY threefactor, '<epoch> <sequence>', sent by the worker. It carries no
// content (LISTEN has no access control): who hears it calls threefactor.changes. Postgres-side, for the delivery
// worker's loop.
#pragma once

#include "shared/shared.hpp"

namespace threefactor::signal {

// The name of the channel.
inline constexpr char kChannel[] = "threefactor";

// The sequence number of the newest change; false: none yet.
bool NewestChange(shared::DatabaseSlot& slot, uint64* sequence);

// True when NotifyWatchers has something to send: asked before a transaction is started for it.
bool WatchersWait(shared::DatabaseSlot& slot, uint64 announced);

// Queues a NOTIFY when somebody watches and a change newer than `announced` exists, and then sets `announced` to it.
// REQUIRES: a transaction of the worker's own, committed soon after, with synchronous_commit off (losing it is
// harmless).
void NotifyWatchers(shared::DatabaseSlot& slot, uint64* announced);

}  // namespace threefactor::signal
