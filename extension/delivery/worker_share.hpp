// Which deliveries of a row of the outbox are this worker's to make. Postgres-side.
#pragma once

#include <vector>

#include "definition/definition.hpp"
#include "outbox/reader.hpp"
#include "queue/queues.hpp"

namespace threefactor::delivery {

// By which the row's delivery to the event trigger belongs to a worker (event/ownership.hpp).
uint64 OwnershipOf(const Definitions& definitions, const outbox::Row& row, int32 trigger_id);

// Of a row's definitions, those whose deliveries this worker has to make, and any that is not known (yet).
class WorkerShare {
 public:
  WorkerShare(const State& state, const Definitions& definitions) : state_(state), definitions_(definitions) {}

  // The texts of the row are not looked at. What is returned is valid until the next call.
  Captured Of(const outbox::Row& row);

 private:
  bool IsToBeMade(const outbox::Row& row, int index) const;

  const State& state_;
  const Definitions& definitions_;
  std::vector<std::int32_t> ids_;
  std::vector<OrderKey> keys_;
};

}  // namespace threefactor::delivery
