// Recovery at the worker's start: from the newest checkpoint and the attempts after it to the state (README.md).
// C++-side.
#pragma once

#include "delivery/journal.hpp"
#include "delivery/pure/queues.hpp"
#include "delivery/tables.hpp"

namespace threefactor::delivery {

// Fills `state`, new, and tells the journal where it goes on. Throws PostgresError, or std::runtime_error for a
// checkpoint that it does not understand.
void Recover(State& state, const Definitions& definitions, const Tables& tables, Journal& journal);

}  // namespace threefactor::delivery
