// When the number of workers changes: what those before have read, the new ones must know (delivery/README.md).
//
// Cursors of different workers are not ordered, but what they have consumed is: snapshots of one cluster are ordered by
// inclusion. So each new worker begins at the smallest consumed snapshot, and carries the cursors of those before: what
// the former owner of a delivery has passed is settled, or it is among the unsettled that the new owner was given.
#pragma once

#include <set>
#include <utility>
#include <vector>

#include "checkpoint/checkpoint.hpp"
#include "event/ownership.hpp"

namespace threefactor::delivery {

// The deliveries that `hash` (event/ownership.hpp) names were passed, for this event trigger, by their owner in a
// generation before.
bool PassedBefore(const std::vector<Generation>& inherited, std::int32_t trigger_id, std::uint64_t hash,
                  EventOrder event);

// A delivery is this worker's. Then it is to be made, unless PassedBefore.
inline bool IsOwn(const Share& share, std::uint64_t hash) {
  return OwnerOf(hash, share.workers) == share.worker;
}

// The cursor of the worker that the event trigger's deliveries were read with.
const Cursor& CursorFor(const WorkerCursors& cursors, std::int32_t trigger_id);

// The snapshot that holds all that the cursor has passed.
const Snapshot& Reach(const Cursor& cursor);

// Every event finished in `inner` is finished in `outer`.
bool Includes(const Snapshot& outer, const Snapshot& inner);

using Settled = std::set<std::pair<std::int32_t, EventOrder>>;  // event trigger, event

// The checkpoint that each of the new workers begins with, from those of all workers before; `settled_later` has by
// worker what they settled after their checkpoints. REQUIRES: at least one.
Checkpoint Redistribute(const std::vector<Checkpoint>& before, const std::vector<Settled>& settled_later);

}  // namespace threefactor::delivery
