// When a failed delivery is tried again.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "event/time.hpp"

namespace threefactor::delivery {

enum class Backoff { kSchedule, kExponential, kFixed };

// The retry rule of an event trigger; units as in create_event_trigger, but times in milliseconds. The defaults are
// those of a rule of which nothing is given (sql/checks.sql): the schedule that Standard Webhooks recommends.
struct RetryRule {
  int attempts = 10;  // in all, the first included
  Backoff backoff = Backoff::kSchedule;
  std::vector<Milliseconds> pauses = {std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::minutes(30),
                                      std::chrono::hours(2),   std::chrono::hours(5),   std::chrono::hours(10),
                                      std::chrono::hours(14),  std::chrono::hours(20),  std::chrono::hours(24)};
  Milliseconds interval{1000};
  Milliseconds max_interval{std::chrono::hours(24)};
  Milliseconds timeout{60 * 1000};           // of one attempt
  Milliseconds connect_timeout{0};           // likewise, name lookup included; 0: threefactor.connect_timeout
  std::optional<std::vector<int>> statuses;  // that are retried; none: every status outside 2xx
};

// status 0: no answer, always retried.
bool StatusIsRetried(const RetryRule& rule, int status);

// The pause after attempt number `made` (1 is the first) failed. Schedule: the pause of that number, or the last one.
// Exponential: interval * 2^(made - 1), at most max_interval. Either is lengthened by up to a fifth, as `chance` in
// [0, 1) chooses. Fixed: the interval. An answer's Retry-After counts where it is longer, up to max_interval.
Milliseconds NextPause(const RetryRule& rule, int made, double chance, std::optional<Milliseconds> retry_after);

}  // namespace threefactor::delivery
