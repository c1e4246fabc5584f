// Which deliveries of a row of the outbox are this worker's to make. Postgres-side.
#pragma once

#include <vector>

#include "delivery/pure/definition.hpp"
#include "delivery/pure/state.hpp"
#include "outbox/reader.hpp"

namespace threefactor::delivery {

// By which the row's delivery to the event trigger belongs to a worker (pure/ownership.hpp).
uint64 OwnershipOf(const Definitions& definitions, const outbox::Row& row, int32 trigger_id);

// Puts into `own`, in place of what is there, those of the row's definitions whose deliveries this worker has to make,
// and any that is not known (yet). Its texts are not looked at.
void FindOwn(const State& state, const Definitions& definitions, const outbox::Row& row, std::vector<int32>* own);

}  // namespace threefactor::delivery
