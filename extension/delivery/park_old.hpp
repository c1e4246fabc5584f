// Sets aside what keeps the outbox from being emptied: old events of event triggers that are paused or do not keep up
// become rows of parked, so that their cursors can pass. C++-side.
#pragma once

#include "delivery/journal.hpp"
#include "delivery/tables.hpp"
#include "queue/queues.hpp"

namespace threefactor::delivery {

// A bounded number of events older than the retention. Throws; then the state is worth nothing.
void ParkOld(State& state, const Definitions& definitions, const Tables& tables, Journal& journal);

}  // namespace threefactor::delivery
