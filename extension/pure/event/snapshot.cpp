#include "event/snapshot.hpp"

#include <algorithm>
#include <utility>

namespace threefactor {

bool Snapshot::Finished(std::uint64_t xid) const {
  if (xid < xmin) return true;
  return xid < xmax && !std::binary_search(running.begin(), running.end(), xid);
}

bool IsAhead(const Cursor& cursor, EventOrder event) {
  return cursor.by_position ? event.position > cursor.after.position : event > cursor.after;
}

bool Passed(const Cursor& cursor, EventOrder event) {
  if (cursor.consumed.Finished(event.xid)) return true;
  return cursor.target && cursor.target->Finished(event.xid) && !IsAhead(cursor, event);
}

std::vector<Segment> Remaining(const Cursor& cursor) {
  const Snapshot& from = cursor.consumed;
  const Snapshot& to = *cursor.target;
  std::vector<Segment> segments;
  const EventOrder after = cursor.by_position ? EventOrder() : cursor.after;
  const auto add = [&](std::uint64_t first, std::uint64_t last) {
    if (last < after.xid) return;
    if (first <= after.xid) {
      if (to.Finished(after.xid)) segments.push_back({after.xid, after.xid, after.position});
      first = after.xid + 1;
    }
    if (first <= last) segments.push_back({first, last, std::nullopt});
  };
  for (const std::uint64_t xid : from.running)
    if (to.Finished(xid)) add(xid, xid);
  if (from.xmax < to.xmax) add(from.xmax, to.xmax - 1);
  return segments;
}

void Arrive(Cursor& cursor) {
  cursor.consumed = std::move(*cursor.target);
  cursor.target.reset();
  cursor.after = {};
  cursor.by_position = false;
}

}  // namespace threefactor
