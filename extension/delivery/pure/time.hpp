// Moments, as Postgres counts them. Pure.
#pragma once

#include <cstdint>
#include <limits>

namespace threefactor::delivery {

// Microseconds since 2000-01-01 00:00 UTC.
using Time = std::int64_t;
inline constexpr Time kNever = std::numeric_limits<Time>::max();
inline constexpr Time kMillisecond = 1000;
inline constexpr Time kSecond = 1000 * kMillisecond;

}  // namespace threefactor::delivery
