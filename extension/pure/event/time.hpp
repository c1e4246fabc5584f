// Moments and durations.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

namespace threefactor {

// Microseconds since 2000-01-01 00:00 UTC.
using Time = std::int64_t;
inline constexpr Time kNever = std::numeric_limits<Time>::max();
inline constexpr Time kMillisecond = 1000;
inline constexpr Time kSecond = 1000 * kMillisecond;

// Durations of rules and timeouts.
using Milliseconds = std::chrono::milliseconds;

}  // namespace threefactor
