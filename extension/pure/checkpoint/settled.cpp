#include "checkpoint/settled.hpp"

#include <algorithm>

#include "checkpoint/inheritance.hpp"

namespace threefactor::delivery {

namespace {

void Put(const std::map<std::int32_t, std::vector<EventOrder>>& lists,
         std::set<std::pair<std::int32_t, EventOrder>>& places) {
  for (const auto& [trigger, events] : lists)
    for (const EventOrder event : events) places.emplace(trigger, event);
}

}  // namespace

SettledDeliveries::SettledDeliveries(const Checkpoint& common) : passed_(common.inherited) {
  Put(common.unsettled, unsettled_);
  Put(common.settled, ahead_);
}

// What its owner, now or before, has passed is settled, unless it is among the unsettled.
bool SettledDeliveries::Contains(std::int32_t trigger_id, std::uint64_t hash, EventOrder event) const {
  if (unsettled_.contains({trigger_id, event})) return false;
  return ahead_.contains({trigger_id, event}) || PassedBefore(passed_, trigger_id, hash, event);
}

std::uint64_t FirstUnsettled(const Checkpoint& common) {
  std::uint64_t first = common.cursor.consumed.xmin;
  for (const auto& [trigger, cursor] : common.detached) first = std::min(first, cursor.consumed.xmin);
  for (const auto& [trigger, events] : common.unsettled)
    for (const EventOrder event : events) first = std::min(first, event.xid);
  return first;
}

}  // namespace threefactor::delivery
