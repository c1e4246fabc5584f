#include "delivery/pure/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace threefactor::delivery {

bool StatusIsRetried(const RetryRule& rule, int status) {
  if (status == 0 || !rule.statuses) return true;
  return std::find(rule.statuses->begin(), rule.statuses->end(), status) != rule.statuses->end();
}

Milliseconds NextPause(const RetryRule& rule, int made, double chance, std::optional<Milliseconds> retry_after) {
  if (retry_after) return std::clamp(*retry_after, Milliseconds(0), rule.max_interval);
  if (!rule.exponential) return rule.interval;
  const double most = std::min(std::ldexp(static_cast<double>(rule.interval.count()), std::min(made - 1, 60)),
                               static_cast<double>(rule.max_interval.count()));
  return Milliseconds(static_cast<std::int64_t>(most * chance));
}

}  // namespace threefactor::delivery
