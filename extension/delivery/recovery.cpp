#include "pg/prelude.hpp"

#include "delivery/recovery.hpp"

#include <algorithm>

#include "checkpoint/inheritance.hpp"
#include "delivery/blocked.hpp"
#include "delivery/parked.hpp"
#include "delivery/worker_share.hpp"
#include "pg/transaction.hpp"

extern "C" {
#include <utils/xid8.h>
}

namespace threefactor::delivery {

namespace {

constexpr char kNewestCheckpoint[] =
    "SELECT sequence, state FROM threefactor.checkpoint WHERE sequence >= $1 AND sequence < $2"
    " ORDER BY sequence DESC LIMIT 1";
constexpr char kLaterAttempts[] =
    "SELECT trigger_id, event_xid, event_position, sequence FROM threefactor.attempt"
    " WHERE sequence > $1 AND sequence < $2";

constexpr char kNewestAttempt[] =
    "SELECT partition::integer FROM threefactor.attempt WHERE sequence > $1 AND sequence < $2"
    " ORDER BY sequence DESC LIMIT 1";

// What one worker wrote.
struct Found {
  int64 checkpoint_sequence = 0;
  std::string checkpoint;  // empty: none yet
  Settled settled_later;
  int64 newest_sequence = 0;
};

Datum Column(uint64 row, int number) {
  bool null;
  return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, number, &null);
}

// Postgres-side: the frames own nothing.
void Select(const char* statement, int64 from, int64 to) {
  Oid types[] = {INT8OID, INT8OID};
  Datum arguments[] = {Int64GetDatum(from), Int64GetDatum(to)};
  if (SPI_execute_with_args(statement, 2, types, arguments, nullptr, false, 0) != SPI_OK_SELECT)
    elog(ERROR, "threefactor: cannot read the journal");
}

void FindCheckpoint(int worker, Found& found) {
  Select(kNewestCheckpoint, FirstSequence(worker), FirstSequence(worker + 1));
  if (SPI_processed == 0) return;
  found.checkpoint_sequence = DatumGetInt64(Column(0, 1));
  found.checkpoint = pg::Utf8(Column(0, 2));
}

void Find(int worker, Found& found) {
  SPI_connect();
  FindCheckpoint(worker, found);
  found.newest_sequence = Max(found.checkpoint_sequence, FirstSequence(worker));
  Select(kLaterAttempts, found.newest_sequence, FirstSequence(worker + 1));
  for (uint64 i = 0; i < SPI_processed; i++) {
    const uint64 xid = U64FromFullTransactionId(DatumGetFullTransactionId(Column(i, 2)));
    found.settled_later.emplace(DatumGetInt32(Column(i, 1)), EventOrder{xid, DatumGetInt64(Column(i, 3))});
    found.newest_sequence = Max(found.newest_sequence, DatumGetInt64(Column(i, 4)));
  }
  SPI_finish();
}

Checkpoint CheckpointOf(const Found& found) {
  return found.checkpoint.empty() ? Checkpoint() : Parse(found.checkpoint);
}

void Fetch(State& state, const Definitions& definitions, outbox::Reader& reader, int32 trigger_id, EventOrder event) {
  reader.Seek({event.xid, event.xid, event.position - 1});
  outbox::Row row;
  if (!reader.Next(&row) || row.position != event.position) {
    ereport(WARNING,
            errmsg("threefactor: event %lld of transaction %llu, not yet delivered to event trigger %d, is gone",
                   static_cast<long long>(event.position), static_cast<unsigned long long>(event.xid), trigger_id));
    return;
  }
  const Captured captured{{row.definitions, static_cast<std::size_t>(row.definition_count)}, row.order_keys};
  EnqueueAgain(state, outbox::MakeEvent(row), MatchOf(definitions, captured, trigger_id), trigger_id);
}

void FetchUnsettled(State& state, const Definitions& definitions, const Tables& tables,
                    const std::map<std::int32_t, std::vector<EventOrder>>& unsettled) {
  if (unsettled.empty() || !HoldOutbox(tables)) return;
  outbox::Reader reader;
  reader.Begin(tables.outbox_partitions.data(), static_cast<int>(tables.outbox_partitions.size()));
  for (const auto& [id, events] : unsettled)
    for (const EventOrder event : events) Fetch(state, definitions, reader, id, event);
  reader.End();
}

void Divide(const std::map<std::int32_t, std::vector<EventOrder>>& unsettled, const Definitions& definitions,
            const Tables& tables, std::vector<Checkpoint>& workers) {
  if (unsettled.empty() || !HoldOutbox(tables)) return;
  outbox::Reader reader;
  reader.Begin(tables.outbox_partitions.data(), static_cast<int>(tables.outbox_partitions.size()));
  for (const auto& [id, events] : unsettled)
    for (const EventOrder event : events) {
      outbox::Row row;
      reader.Seek({event.xid, event.xid, event.position - 1});
      if (!reader.NextPlace(&row) || row.position != event.position) continue;
      const int owner = OwnerOf(OwnershipOf(definitions, row, id), static_cast<int>(workers.size()));
      workers[static_cast<std::size_t>(owner)].unsettled[id].push_back(event);
    }
  reader.End();
}

}  // namespace

void Recover(State& state, const Definitions& definitions, const Tables& tables) {
  Found found;
  pg::RunTransaction("read the journal", [&] { Find(state.share.worker, found); });
  state.sequence = found.newest_sequence;

  Checkpoint checkpoint = CheckpointOf(found);
  state.cursor = checkpoint.cursor;
  state.inherited = std::move(checkpoint.inherited);
  UpdateQueues(state, definitions);
  for (const auto& [id, cursor] : checkpoint.detached) QueueOf(state, definitions, id).own = cursor;

  Settled settled = std::move(found.settled_later);
  for (const auto& [id, events] : checkpoint.settled)
    for (const EventOrder event : events) settled.emplace(id, event);
  for (auto& [id, events] : checkpoint.unsettled) {
    QueueOf(state, definitions, id);
    std::erase_if(events, [&](EventOrder event) { return settled.contains({id, event}); });
    // Of one key, in the order in which they were made.
    std::sort(events.begin(), events.end(), [](EventOrder a, EventOrder b) { return a.position < b.position; });
  }
  pg::RunTransaction("fetch unsettled events",
                     [&] { FetchUnsettled(state, definitions, tables, checkpoint.unsettled); });
  for (const auto& [id, event] : settled) {
    const Queue& queue = QueueOf(state, definitions, id);
    if (!Passed(queue.own ? *queue.own : state.cursor, event)) state.settled_ahead.emplace(id, event);
  }
  LookForDue(state, definitions);
  LookForBlocked(state, true);
}

int NewestAttemptPartition() {
  int partition = -1;
  pg::RunTransaction("find the newest attempt", [&] {
    SPI_connect();
    Select(kNewestAttempt, FirstSequence(0), FirstSequence(1));
    if (SPI_processed > 0) partition = DatumGetInt32(Column(0, 1));
    SPI_finish();
  });
  return partition;
}

int RecordedWorkers() {
  Found found;
  pg::RunTransaction("read the journal", [&] {
    SPI_connect();
    FindCheckpoint(0, found);
    SPI_finish();
  });
  return CheckpointOf(found).workers;
}

Checkpoint CommonCheckpoint(std::int64_t* base) {
  std::vector<Checkpoint> before;
  std::vector<Settled> settled_later;
  std::int64_t newest = 0;
  const int count = RecordedWorkers();
  for (int worker = 0; worker < count; worker++) {
    Found found;
    pg::RunTransaction("read the journal", [&] { Find(worker, found); });
    before.push_back(CheckpointOf(found));
    settled_later.push_back(std::move(found.settled_later));
    newest = std::max(newest, found.newest_sequence - FirstSequence(worker));
  }
  *base = newest + 1;
  Checkpoint common = Redistribute(before, settled_later);
  common.workers = count;
  return common;
}

void Redivide(int workers, const Definitions& definitions, const Tables& tables, Journal& journal) {
  std::int64_t base = 0;
  Checkpoint common = CommonCheckpoint(&base);
  common.workers = workers;
  const auto unsettled = std::move(common.unsettled);
  common.unsettled.clear();
  std::vector<Checkpoint> after(static_cast<std::size_t>(workers), common);
  pg::RunTransaction("divide unsettled events", [&] { Divide(unsettled, definitions, tables, after); });
  journal.BeginAnew(after, base);
}

Checkpoint NewestCheckpoint(int worker, std::int64_t* sequence) {
  Found found;
  pg::RunTransaction("read a checkpoint", [&] {
    SPI_connect();
    FindCheckpoint(worker, found);
    SPI_finish();
  });
  *sequence = found.checkpoint_sequence;
  return CheckpointOf(found);
}

}  // namespace threefactor::delivery
