// Retry: brings parked deliveries back into their queues when they are due. C++-side.
#pragma once

#include <vector>

#include "delivery/pure/queues.hpp"

namespace threefactor::delivery {

// Sets next_due of every queue from the table: at the start, and when somebody else has changed it.
void LookForDue(State& state, const Definitions& definitions);

// The earliest moment at which LoadDue has something to do; kNever: none is known.
Time NextDue(const State& state);

// Reads what is due, a page for each event trigger whose queue has room. Dropped event triggers count too: theirs are
// archived.
void LoadDue(State& state, Time now);

}  // namespace threefactor::delivery
