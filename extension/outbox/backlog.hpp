// How much of the outbox lies before a cursor, by event trigger: exact for what is near, an estimate beyond, at a
// bounded price. Postgres-side: what it gathers is the object's, which outlives the transaction.
#pragma once

#include <map>
#include <vector>

#include "delivery/own.hpp"
#include "outbox/reader.hpp"

namespace threefactor::outbox {

struct Unread {
  int64 events = 0;
  TimestampTz oldest = 0;  // 0: none was seen
};

class Backlog {
 public:
  static constexpr int kMostRows = 4096;

  // Counts what of this worker's a cursor at `place` has still to read, for each event trigger, or for `only` one (0:
  // all). Looks at kMostRows rows; what lies beyond is taken to be like them. REQUIRES: a lock on the outbox.
  void Count(const std::vector<Partition>& partitions, const delivery::Cursor& place,
             const delivery::Definitions& definitions, delivery::OwnPart& own, int32 only);

  std::map<int32, Unread>& found() { return found_; }

 private:
  bool LookAhead(Reader& reader, const delivery::Definitions& definitions, delivery::OwnPart& own, int32 only);
  void Note(const Row& row, const delivery::Captured& captured, const delivery::Definitions& definitions, int32 only);

  delivery::Cursor cursor_;
  std::vector<delivery::Segment> segments_;
  std::map<int32, Unread> found_;
  int rows_ = 0;
};

}  // namespace threefactor::outbox
