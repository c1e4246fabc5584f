// Snapshots and cursors as plain data: which events are new (outbox/README.md). Transaction ids are top-level and 64
// bits wide.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace threefactor {

inline constexpr std::uint64_t kFirstXid = 3;  // the first ordinary transaction id

// The place of an event in the outbox; also its identity there. Rows are read in this order.
struct EventOrder {
  std::uint64_t xid = 0;
  std::int64_t position = 0;
  auto operator<=>(const EventOrder&) const = default;  // NOLINT(modernize-use-nullptr): of clang-tidy 14 itself
};

struct Snapshot {
  std::uint64_t xmin = kFirstXid;      // all below are finished
  std::uint64_t xmax = kFirstXid;      // all from here on are not
  std::vector<std::uint64_t> running;  // between the two; ascending

  bool operator==(const Snapshot&) const = default;
  bool Finished(std::uint64_t xid) const;
};

struct Cursor {
  Snapshot consumed;
  std::optional<Snapshot> target;
  // With a target only. By position: the rows on the way to it are passed in the order of their positions alone.
  EventOrder after;
  bool by_position = false;

  bool operator==(const Cursor&) const = default;
};

// Among the events on the way to the target: whether this one comes after the one passed last.
bool IsAhead(const Cursor& cursor, EventOrder event);

// True when the cursor has passed the event: if it committed, it has been read.
bool Passed(const Cursor& cursor, EventOrder event);

// A stretch of the index: rows of first_xid .. last_xid beyond `after`. Where `after` lies inside, first_xid ==
// last_xid.
struct Segment {
  std::uint64_t first_xid;
  std::uint64_t last_xid;
  std::optional<std::int64_t> after_position;

  bool operator==(const Segment&) const = default;
};

// What is left to be scanned on the way to the target, in order of xid and position; for a cursor by position
// everything on the way, also what it has passed. REQUIRES: a target.
std::vector<Segment> Remaining(const Cursor& cursor);

// The target has been reached.
void Arrive(Cursor& cursor);

}  // namespace threefactor

template <>
struct std::hash<threefactor::EventOrder> {
  std::size_t operator()(const threefactor::EventOrder& event) const noexcept {
    return std::hash<std::int64_t>{}(event.position) * 31 + std::hash<std::uint64_t>{}(event.xid);
  }
};
