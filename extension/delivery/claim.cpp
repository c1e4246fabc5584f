#include "pg/prelude.hpp"

#include "delivery/claim.hpp"

#include <algorithm>

#include "outbox/cursor.hpp"
#include "pg/transaction.hpp"

namespace threefactor::delivery {

namespace {

constexpr int kMostRows = 512;  // admitted by the main cursor in one claim
constexpr std::size_t kMostBytes = 16u << 20;
constexpr int kMostRowsOfOwn = 4096;  // looked at by a detached trigger's cursor in one claim

std::span<const std::int32_t> Ids(const outbox::Row& row) {
  return {row.definitions, static_cast<std::size_t>(row.definition_count)};
}

}  // namespace

bool Claimer::Wanted(bool news) const {
  if ((news || state_.cursor.target) && MainClaimWanted(state_)) return true;
  return std::any_of(state_.queues.begin(), state_.queues.end(),
                     [](const auto& entry) { return OwnClaimWanted(entry.second); });
}

void Claimer::Run(bool* news) {
  missing_definition_ = 0;
  flush_ = InvalidXLogRecPtr;
  last_xid_ = 0;
  pg::RunTransaction("claim events", [&] { Read(news); });
}

// Postgres-side from here on: the frames own nothing.
void Claimer::Read(bool* news) {
  if (!HoldOutbox(tables_)) {
    gone_ = true;
    return;
  }
  outbox::Reader reader;
  reader.Begin(tables_.outbox_partitions.data(), static_cast<int>(tables_.outbox_partitions.size()));
  if (MainClaimWanted(state_)) ReadMain(reader, news);
  for (auto& [id, queue] : state_.queues)
    if (OwnClaimWanted(queue) && AimOwnCursor(state_, queue)) ReadOwn(reader, id, queue);
  reader.End();
  if (flush_ != InvalidXLogRecPtr && XLogNeedsFlush(flush_)) XLogFlush(flush_);
}

void Claimer::NoteCommit(uint64 xid) {
  if (xid == last_xid_) return;
  last_xid_ = xid;
  flush_ = Max(flush_, outbox::CommitToFlush(xid));
}

void Claimer::ReadMain(outbox::Reader& reader, bool* news) {
  Cursor& cursor = state_.cursor;
  if (!cursor.target) {
    outbox::TakeSnapshot(&cursor.target.emplace());
    *news = false;
  }
  segments_ = Remaining(cursor);
  int rows = 0;
  std::size_t bytes = 0;
  for (const Segment& segment : segments_) {
    reader.Seek(segment);
    outbox::Row row;
    while (reader.Next(&row)) {
      if (!cursor.target->Finished(row.xid)) continue;
      if (rows == kMostRows || bytes > kMostBytes) return;
      const Admission admission = AdmitFromMain(state_, definitions_, outbox::MakeEvent(row), Ids(row));
      if (admission == Admission::kStop) return;
      if (admission == Admission::kUnknownDefinition) {
        for (const std::int32_t id : Ids(row))
          if (!definitions_.definitions.contains(id) && !definitions_.unknown.contains(id)) missing_definition_ = id;
        return;
      }
      NoteCommit(row.xid);
      rows++;
      bytes += row.old_row.size() + row.new_row.size();
    }
  }
  Arrive(cursor);
}

void Claimer::ReadOwn(outbox::Reader& reader, std::int32_t trigger_id, Queue& queue) {
  Cursor& own = *queue.own;
  const bool to_main = OnSameWay(state_, queue);
  segments_ = Remaining(own);
  int rows = 0;
  for (const Segment& segment : segments_) {
    reader.Seek(segment);
    outbox::Row row;
    while (reader.Next(&row)) {
      if (!own.target->Finished(row.xid)) continue;
      if (to_main && EventOrder{row.xid, row.position} > state_.cursor.after) {
        queue.own.reset();  // the main cursor goes on from here
        return;
      }
      if (rows++ == kMostRowsOfOwn) return;
      const std::int32_t definition_id = DefinitionOf(definitions_, Ids(row), trigger_id);
      if (definition_id == 0) {
        own.after = {row.xid, row.position};
        continue;
      }
      if (AdmitFromOwn(state_, trigger_id, definition_id, outbox::MakeEvent(row)) == Admission::kStop) return;
      NoteCommit(row.xid);
    }
  }
  if (to_main)
    queue.own.reset();
  else
    Arrive(own);
}

}  // namespace threefactor::delivery
