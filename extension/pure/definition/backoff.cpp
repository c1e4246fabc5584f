#include "definition/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace threefactor::delivery {

namespace {

constexpr double kMostJitter = 0.2;  // of the pause, added to it

double PlannedPause(const RetryRule& rule, int made) {
  const auto count = [](Milliseconds time) { return static_cast<double>(time.count()); };
  if (rule.backoff == Backoff::kExponential)
    return std::min(std::ldexp(count(rule.interval), std::min(made - 1, 60)), count(rule.max_interval));
  if (rule.pauses.empty()) return 0;
  return count(rule.pauses[std::min(static_cast<std::size_t>(made), rule.pauses.size()) - 1]);
}

}  // namespace

bool StatusIsRetried(const RetryRule& rule, int status) {
  if (status == 0 || !rule.statuses) return true;
  return std::find(rule.statuses->begin(), rule.statuses->end(), status) != rule.statuses->end();
}

Milliseconds NextPause(const RetryRule& rule, int made, double chance, std::optional<Milliseconds> retry_after) {
  Milliseconds pause = rule.interval;
  if (rule.backoff != Backoff::kFixed)
    pause = Milliseconds(static_cast<std::int64_t>(PlannedPause(rule, made) * (1 + kMostJitter * chance)));
  return retry_after ? std::min(std::max(pause, *retry_after), rule.max_interval) : pause;
}

}  // namespace threefactor::delivery
