// The worker's memory as a checkpoint (checkpoint/checkpoint.hpp).
#pragma once

#include "checkpoint/checkpoint.hpp"
#include "queue/state.hpp"

namespace threefactor::delivery {

Checkpoint TakeCheckpoint(const State& state);

// Drops what the state's cursors have passed: of the events settled ahead, and of the generations from the oldest on.
void ForgetPassed(State& state);

}  // namespace threefactor::delivery
