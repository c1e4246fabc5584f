#include "pg/prelude.hpp"

#include "delivery/disk_space.hpp"

#include <algorithm>
#include <utility>

#include "pg/log.hpp"

namespace threefactor::delivery {

namespace {

constexpr Time kShortestPause = kSecond;  // doubled each time
constexpr Time kLongestPause = 16 * kSecond;

}  // namespace

bool DiskSpace::IsToTry(Time now) const {
  return now - tried_at_ >= pause_ || now < tried_at_;  // the clock was set back
}

// Where there is room for some and not for all, it is said once.
void DiskSpace::Lacks(const char* why, Time now) {
  const bool at_last = there_ && (now - found_at_ >= kLongestPause || now < found_at_);
  if (at_last) {
    pause_ = 0;
    said_ = true;
    pg::Guarded([&] {
      ereport(LOG, errmsg("threefactor: deliveries wait, the disk is full: %s", why),
              errhint("They go on by themselves when there is room."));
    });
  }
  there_ = false;
  pause_ = std::clamp(2 * pause_, kShortestPause, kLongestPause);
  tried_at_ = now;
  pg_atomic_fetch_or_u32(&slot_.without_room, 1u << share_.worker);
}

void DiskSpace::Found(Time now) {
  if (there_) return;
  there_ = true;
  found_at_ = now;
  pg_atomic_fetch_and_u32(&slot_.without_room, ~(1u << share_.worker));
  if (std::exchange(said_, false)) pg::Log(LogLine("room on disk again"));
}

}  // namespace threefactor::delivery
