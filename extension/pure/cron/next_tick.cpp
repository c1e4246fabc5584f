#include "cron/next_tick.hpp"

namespace threefactor::schedule {

namespace {

constexpr Minute kHour = 60;
constexpr Minute kDay = 24 * kHour;
constexpr Minute kLongestSearch = 50 * 366 * kDay;
constexpr std::int32_t kLargestChange = 3 * kHour;

Minute Remainder(WallMinute minute, Minute unit) {
  return (minute % unit + unit) % unit;
}

// The clock showed the same time before.
bool IsRepeated(Minute minute, std::int32_t offset, const OffsetAt& offset_at) {
  const std::int32_t earlier = offset_at(minute - kLargestChange);
  const std::int32_t back = earlier - offset;
  return back > 0 && back <= kLargestChange && offset_at(minute - back) == earlier;
}

// The clock, at `minute`, has left out a time that matches.
bool LeftOut(const Cron& cron, Minute minute, std::int32_t offset, const OffsetAt& offset_at) {
  const std::int32_t before = offset_at(minute - 1);
  if (offset <= before || offset - before > kLargestChange) return false;
  for (WallMinute wall = minute + before; wall < minute + offset; wall++)
    if (Matches(cron, wall)) return true;
  return false;
}

// The next minute worth a look: past a day or an hour in which nothing matches, but not past a change of the clock.
Minute Skip(const Cron& cron, Minute minute, std::int32_t offset, const OffsetAt& offset_at) {
  const WallMinute wall = minute + offset;
  Minute step = 1;
  if (!MatchesDay(cron, wall))
    step = kDay - Remainder(wall, kDay);
  else if ((cron.hours >> Remainder(wall, kDay) / kHour & 1) == 0)
    step = kHour - Remainder(wall, kHour);
  Minute end = minute + step;
  if (offset_at(end) == offset) return end;
  for (Minute same = minute; end - same > 1;) {
    const Minute middle = same + (end - same) / 2;
    (offset_at(middle) == offset ? same : end) = middle;
  }
  return end;
}

}  // namespace

std::optional<Minute> NextTick(const Cron& cron, Minute after, const OffsetAt& offset_at) {
  for (Minute minute = after + 1; minute - after < kLongestSearch;) {
    const std::int32_t offset = offset_at(minute);
    const bool shown = Matches(cron, minute + offset);
    if (cron.follows_clock) {
      if (shown) return minute;
    } else {
      if (shown && !IsRepeated(minute, offset, offset_at)) return minute;
      if (LeftOut(cron, minute, offset, offset_at)) return minute;
    }
    minute = Skip(cron, minute, offset, offset_at);
  }
  return std::nullopt;
}

}  // namespace threefactor::schedule
