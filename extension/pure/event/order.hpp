// The order of deliveries of one event trigger (delivery/README.md).
#pragma once

#include <cstdint>

namespace threefactor {

// Whether deliveries with the same key go one after the other, and what a dead letter does to those behind it.
enum class Order { kNone, kBlockOnDead, kSkipDead };

// The hash of the columns of order_by; 0: none.
using OrderKey = std::uint64_t;

}  // namespace threefactor
