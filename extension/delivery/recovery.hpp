// Recovery at a worker's start: from its newest checkpoint and the attempts after it to the state (README.md).
// C++-side.
#pragma once

#include "delivery/journal.hpp"
#include "delivery/tables.hpp"
#include "queue/queues.hpp"

namespace threefactor::delivery {

// What is to be known at a start. REQUIRES: state.share, for the rest the state is new. Throws PostgresError, or
// std::runtime_error for a checkpoint that it does not understand.
void Recover(State& state, const Definitions& definitions, const Tables& tables);

// The number of the partition with worker 0's newest attempt; -1: there is none.
int NewestAttemptPartition();

// How many workers the journal was written by.
int RecordedWorkers();

// What all workers together have written. Their next attempts are to be numbered after `base` in their ranges.
Checkpoint CommonCheckpoint(std::int64_t* base);

// Divides what is left among `workers` workers. REQUIRES: no worker of this database runs but this one, which has not
// recovered. Throws likewise.
void Redivide(int workers, const Definitions& definitions, const Tables& tables, Journal& journal);

// The newest checkpoint of a worker, whether durable or not, and its number (0: none yet).
Checkpoint NewestCheckpoint(int worker, std::int64_t* sequence);

}  // namespace threefactor::delivery
