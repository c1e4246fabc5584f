// Order by key: to and from the rows of parked in state blocked (queue/key_order.hpp). C++-side.
#pragma once

#include "delivery/journal.hpp"
#include "queue/state.hpp"

namespace threefactor::delivery {

// Learns which keys have rows: at the start, and when event triggers or rows were changed by others. Rows of event
// triggers that are not ordered any more, or gone, become due.
void LookForBlocked(State& state, bool at_start);

// Gives each of State::behind a row, with a checkpoint. Throws; then the state is worth nothing.
void SetBehindAside(State& state, Journal& journal);

// Looks at the rows of keys that may go on. False: there were none.
bool LoadBlocked(State& state);

}  // namespace threefactor::delivery
