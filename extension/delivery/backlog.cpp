#include "delivery/backlog.hpp"

#include "outbox/cursor.hpp"

namespace threefactor::delivery {

void Backlog::Count(const std::vector<outbox::Partition>& partitions, const Cursor& place,
                    const Definitions& definitions, WorkerShare& own, int32 only) {
  cursor_ = place;
  found_.clear();
  rows_ = 0;
  outbox::Reader reader;
  reader.Begin(partitions.data(), static_cast<int>(partitions.size()));
  bool near = true;
  if (cursor_.target) {
    near = LookAhead(reader, definitions, own, only);
    Arrive(cursor_);
  }
  outbox::TakeSnapshot(&cursor_.target.emplace());
  if (near) LookAhead(reader, definitions, own, only);
  reader.End();
}

// False: there was more than the rows looked at, and the numbers are an estimate.
bool Backlog::LookAhead(outbox::Reader& reader, const Definitions& definitions, WorkerShare& own, int32 only) {
  segments_ = Remaining(cursor_);
  for (const Segment& segment : segments_) {
    reader.Seek(segment);
    const double before = reader.BlocksLeft();
    const int first = rows_;
    outbox::Row row;
    while (reader.NextPlace(&row)) {
      if (rows_++ == kMostRows) {
        const double left = reader.BlocksLeft();
        const double rows_left = left * (kMostRows - first) / Max(before - left, 1);
        for (auto& [id, unread] : found_)
          unread.events += static_cast<int64>(static_cast<double>(unread.events) * rows_left / kMostRows);
        return false;
      }
      if (cursor_.target->Finished(row.xid) && IsAhead(cursor_, {row.xid, row.position}))
        Note(row, own.Of(row), definitions, only);
    }
  }
  return true;
}

void Backlog::Note(const outbox::Row& row, const Captured& captured, const Definitions& definitions, int32 only) {
  int32 noted = 0;
  for (const int32 id : captured.definitions) {
    const auto definition = definitions.definitions.find(id);
    if (definition == definitions.definitions.end()) continue;
    const int32 trigger_id = definition->second.trigger_id;
    if (trigger_id == noted || (only != 0 && trigger_id != only)) continue;
    noted = trigger_id;
    Unread& unread = found_[trigger_id];
    unread.events++;
    if (unread.oldest == 0 || row.created_at < unread.oldest) unread.oldest = row.created_at;
  }
}

}  // namespace threefactor::delivery
