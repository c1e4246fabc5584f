// Which worker of a database a delivery belongs to.
#pragma once

#include <cstdint>

#include "event/idempotency_key.hpp"

namespace threefactor {

// One worker among those of its database.
struct Share {
  int worker = 0;
  int workers = 1;
};

// What an event trigger's deliveries are divided by: deliveries of one key of order stay together (0: it has none; each
// goes its own way, by the event's id).
std::uint64_t OwnershipHash(std::int32_t trigger_id, const UuidBytes& event_id, std::uint64_t order_key);

inline int OwnerOf(std::uint64_t ownership_hash, int workers) {
  return static_cast<int>(ownership_hash % static_cast<std::uint64_t>(workers));
}

}  // namespace threefactor
