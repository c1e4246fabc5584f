// When a cron expression is due, in a time zone. The zone is a function.
//
// Where clocks are changed, as in Vixie's cron: an expression whose minute or hour begins with * follows the clock:
// each minute that the clock shows and that matches, also when it shows it for the second time. Every other one means
// times of day, each once a day: those that the clock leaves out are due when it goes on, together; when it shows one
// twice, the first counts. A clock changed by more than three hours (a country that changes sides of the date line) is
// taken as it is.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "cron/cron.hpp"

namespace threefactor::schedule {

using Minute = std::int64_t;  // since 1970-01-01 00:00 UTC

// Minutes that the zone's clock is ahead of UTC. REQUIRES: it changes at most once in three hours, and does not change
// back within a day.
using OffsetAt = std::function<std::int32_t(Minute)>;

// The first minute after `after`; nullopt: none within fifty years ("0 0 31 2 *").
std::optional<Minute> NextTick(const Cron& cron, Minute after, const OffsetAt& offset_at);

}  // namespace threefactor::schedule
