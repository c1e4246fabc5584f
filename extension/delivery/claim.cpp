#include "pg/prelude.hpp"

#include "delivery/claim.hpp"

#include <algorithm>

#include "delivery/read_along.hpp"
#include "pg/transaction.hpp"

namespace threefactor::delivery {

namespace {

constexpr int kMostRows = 512;  // admitted by the main cursor in one claim
constexpr std::size_t kMostBytes = 16u << 20;
constexpr int kMostRowsLookedAt = 4096;  // in one claim of one cursor

}  // namespace

bool Claimer::TablesChanged() const {
  return pg_atomic_read_u32(&slot_.partitions) != tables_.generation;
}

bool Claimer::WaitsForStandbys() const {
  return state_.cursor.target && !outbox::IsReplicated(target_at_);
}

bool Claimer::Wanted(bool news) const {
  if ((news || state_.cursor.target) && MainClaimWanted(state_) && !WaitsForStandbys()) return true;
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
    // Writers use a new partition only after it was announced: what the snapshot shows of it cannot be overlooked.
    Snapshot now;
    outbox::TakeSnapshot(&now);
    if (TablesChanged()) return;
    cursor.target = std::move(now);
    cursor.by_position = state_.by_position;
    state_.window = {};
    *news = false;
    target_at_ = outbox::EndOfLog();
    if (WaitsForStandbys()) XLogFlush(target_at_);  // they get no more than that
  }
  if (WaitsForStandbys()) return;
  int rows = 0;
  int looked_at = 0;
  std::size_t bytes = 0;
  const auto concerns = [&](const outbox::Row& row) { return !own_.Of(row).definitions.empty(); };
  const auto visit = [&](const outbox::Row& row) {
    if (rows == kMostRows || bytes > kMostBytes || looked_at++ == kMostRowsLookedAt) return false;
    const Captured captured = own_.Of(row);
    if (captured.definitions.empty()) {
      cursor.after = {row.xid, row.position};
      return true;
    }
    const Admission admission = AdmitFromMain(state_, definitions_, outbox::MakeEvent(row), captured);
    if (admission == Admission::kUnknownDefinition) {
      for (const std::int32_t id : captured.definitions)
        if (!definitions_.definitions.contains(id) && !definitions_.unknown.contains(id)) missing_definition_ = id;
    }
    if (admission != Admission::kTaken) return false;
    NoteCommit(row.xid);
    rows++;
    bytes += row.old_row.size() + row.new_row.size();
    return true;
  };
  if (ReadAlong(reader, cursor, state_.window, segments_, concerns, visit)) Arrive(cursor);
}

void Claimer::ReadOwn(outbox::Reader& reader, std::int32_t trigger_id, Queue& queue) {
  Cursor& own = *queue.own;
  const bool to_main = OnSameWay(state_, queue);
  int rows = 0;
  bool joins = false;
  const auto concerns = [&](const outbox::Row& row) {
    return MatchOf(definitions_, own_.Of(row), trigger_id).definition_id != 0;
  };
  const auto visit = [&](const outbox::Row& row) {
    const EventOrder event{row.xid, row.position};
    joins = to_main && IsAhead(state_.cursor, event);  // the main cursor goes on from here
    if (joins || rows++ == kMostRowsLookedAt) return false;
    const Match match = MatchOf(definitions_, own_.Of(row), trigger_id);
    if (match.definition_id == 0) {
      own.after = event;
      return true;
    }
    if (AdmitFromOwn(state_, trigger_id, match, outbox::MakeEvent(row)) == Admission::kStop) return false;
    NoteCommit(row.xid);
    return true;
  };
  const bool arrived = ReadAlong(reader, own, queue.window, segments_, concerns, visit);
  if (joins || (arrived && to_main)) {
    queue.own.reset();
    queue.window = {};
  } else if (arrived) {
    Arrive(own);
  }
}

}  // namespace threefactor::delivery
