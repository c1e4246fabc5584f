// How much of the outbox lies before a cursor, by event trigger: exact for what is near, an estimate beyond, at a
// bounded price. Postgres-side: what it gathers is the object's, which outlives the transaction.
#pragma once

#include <map>
#include <vector>

#include "delivery/worker_share.hpp"
#include "outbox/reader.hpp"

namespace threefactor::delivery {

struct Unread {
  int64 events = 0;
  TimestampTz oldest = 0;  // 0: none was seen
};

class Backlog {
 public:
  static constexpr int kMostRows = 4096;

  // Counts what of this worker's a cursor at `place` has still to read, for each event trigger, or for `only` one (0:
  // all). Looks at kMostRows rows; what lies beyond is taken to be like them. REQUIRES: a lock on the outbox.
  void Count(const std::vector<outbox::Partition>& partitions, const Cursor& place, const Definitions& definitions,
             WorkerShare& own, int32 only);

  std::map<int32, Unread>& found() { return found_; }

 private:
  bool LookAhead(outbox::Reader& reader, const Definitions& definitions, WorkerShare& own, int32 only);
  void Note(const outbox::Row& row, const Captured& captured, const Definitions& definitions, int32 only);

  Cursor cursor_;
  std::vector<Segment> segments_;
  std::map<int32, Unread> found_;
  int rows_ = 0;
};

}  // namespace threefactor::delivery
