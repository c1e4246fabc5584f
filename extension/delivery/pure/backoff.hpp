// When a failed delivery is tried again. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace threefactor::delivery {

using Milliseconds = std::chrono::milliseconds;

// The retry rule of an event trigger; units as in create_event_trigger, but times in milliseconds.
struct RetryRule {
  int attempts = 10;  // in all, the first included
  bool exponential = true;
  Milliseconds interval{1000};
  Milliseconds max_interval{3600 * 1000};
  Milliseconds timeout{60 * 1000};           // of one attempt
  Milliseconds connect_timeout{0};           // likewise, name lookup included; 0: threefactor.connect_timeout
  std::optional<std::vector<int>> statuses;  // that are retried; none: every status outside 2xx
};

// status 0: no answer, always retried.
bool StatusIsRetried(const RetryRule& rule, int status);

// The pause after attempt number `made` (1 is the first) failed. Exponential: anything from 0 to
// interval * 2^(made - 1), at most max_interval ("full jitter"), `chance` in [0, 1) chooses. Fixed: the interval.
// An answer's Retry-After takes the place of either, at most max_interval.
Milliseconds NextPause(const RetryRule& rule, int made, double chance, std::optional<Milliseconds> retry_after);

}  // namespace threefactor::delivery
