// What of the outbox is settled, by all that the workers of a database have written.
#pragma once

#include "checkpoint/checkpoint.hpp"

namespace threefactor::delivery {

class SettledDeliveries {
 public:
  // `common`: of all workers together (Redistribute in inheritance.hpp).
  explicit SettledDeliveries(const Checkpoint& common);

  // `hash`: by which the delivery belongs to a worker (event/ownership.hpp).
  bool Contains(std::int32_t trigger_id, std::uint64_t hash, EventOrder event) const;

 private:
  using Places = std::set<std::pair<std::int32_t, EventOrder>>;
  Places unsettled_;  // passed by the cursors
  Places ahead_;      // settled beyond the cursors
  std::vector<Generation> passed_;
};

// No event below this transaction is unsettled.
std::uint64_t FirstUnsettled(const Checkpoint& common);

}  // namespace threefactor::delivery
