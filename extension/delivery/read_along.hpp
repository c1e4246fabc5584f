// Reading on along a cursor, in its order. Postgres-side: the frames own nothing.
#pragma once

#include <vector>

#include "outbox/reader.hpp"
#include "queue/window.hpp"

namespace threefactor::delivery {

inline constexpr int kMostScanned = 20000;  // places that one call looks at

// Looks for what is left of the window. False: it goes on with the next call.
template <typename Concerns>
bool ScanWindow(outbox::Reader& reader, const Cursor& cursor, Window& window, std::vector<Segment>& segments,
                Concerns&& concerns) {
  segments = Remaining({cursor.consumed, cursor.target, window.scanned_to});
  int looked = 0;
  for (const Segment& segment : segments) {
    reader.Seek(segment);
    outbox::Row row;
    while (reader.NextPlace(&row)) {
      if (looked++ == kMostScanned) return false;
      const EventOrder event{row.xid, row.position};
      if (concerns(row))
        AddPlace(window, cursor, event);
      else
        window.scanned_to = event;
    }
  }
  EndScan(window);
  return true;
}

// Calls `visit` with each row that is visible at the cursor's target, beyond what the cursor has passed and `concerns`
// (asked without the texts; without them `visit` may get others, too), until it gives false: then it was not taken.
// Moving the cursor is `visit`'s. True: the target is reached. REQUIRES: a target.
template <typename Concerns, typename Visit>
bool ReadAlong(outbox::Reader& reader, const Cursor& cursor, Window& window, std::vector<Segment>& segments,
               Concerns&& concerns, Visit&& visit) {
  outbox::Row row;
  if (!cursor.by_position) {
    segments = Remaining(cursor);
    for (const Segment& segment : segments) {
      reader.Seek(segment);
      while (reader.NextPlace(&row)) {
        if (!cursor.target->Finished(row.xid)) continue;
        if (concerns(row)) reader.Complete(&row);
        if (!visit(row)) return false;
      }
    }
    return true;
  }
  if (!window.scanned && !ScanWindow(reader, cursor, window, segments, concerns)) return false;
  for (; window.given < window.places.size(); window.given++) {
    const EventOrder place = window.places[window.given];
    reader.Seek({place.xid, place.xid, place.position - 1});
    if (reader.Next(&row) && row.position == place.position && !visit(row)) return false;
  }
  const bool more = window.more;
  window = {};
  return !more;
}

}  // namespace threefactor::delivery
