// What an attempt causes beyond its own settlement, in the same transaction, so that no crash separates the two: a dead
// letter becomes an event for the error webhook; an endpoint that is gone pauses its event trigger. Postgres-side.
#pragma once

#include "queue/state.hpp"

namespace threefactor::delivery {

// Of the finished attempts. REQUIRES: a transaction, SPI connected.
void WriteConsequences(const State& state);

}  // namespace threefactor::delivery
