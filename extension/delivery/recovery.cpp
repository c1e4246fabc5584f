#include "pg/prelude.hpp"

#include "delivery/recovery.hpp"

#include <algorithm>

#include "delivery/blocked.hpp"
#include "delivery/parked.hpp"
#include "pg/transaction.hpp"

extern "C" {
#include <utils/xid8.h>
}

namespace threefactor::delivery {

namespace {

constexpr char kNewestCheckpoint[] =
    "SELECT sequence, state FROM threefactor.checkpoint ORDER BY sequence DESC LIMIT 1";
constexpr char kLaterAttempts[] =
    "SELECT trigger_id, event_xid, event_position, sequence, partition::integer FROM threefactor.attempt"
    " WHERE sequence > $1";
constexpr char kNewestAttempt[] =
    "SELECT sequence, partition::integer FROM threefactor.attempt ORDER BY sequence DESC LIMIT 1";

struct Found {
  int64 checkpoint_sequence = 0;
  std::string checkpoint;  // empty: none yet
  std::vector<std::pair<std::int32_t, EventOrder>> settled_later;
  int64 newest_sequence = 0;
  int32 newest_partition = -1;
};

Datum Column(uint64 row, int number) {
  bool null;
  return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, number, &null);
}

// Postgres-side: the frames own nothing.
void Find(Found& found) {
  SPI_connect();
  Execute(kNewestCheckpoint, SPI_OK_SELECT);
  if (SPI_processed > 0) {
    found.checkpoint_sequence = DatumGetInt64(Column(0, 1));
    found.checkpoint = outbox::Utf8(Column(0, 2));
  }
  Oid type = INT8OID;
  Datum after = Int64GetDatum(found.checkpoint_sequence);
  if (SPI_execute_with_args(kLaterAttempts, 1, &type, &after, nullptr, false, 0) != SPI_OK_SELECT)
    elog(ERROR, "threefactor: cannot read attempts");
  for (uint64 i = 0; i < SPI_processed; i++) {
    const uint64 xid = U64FromFullTransactionId(DatumGetFullTransactionId(Column(i, 2)));
    found.settled_later.emplace_back(DatumGetInt32(Column(i, 1)), EventOrder{xid, DatumGetInt64(Column(i, 3))});
  }
  Execute(kNewestAttempt, SPI_OK_SELECT);
  if (SPI_processed > 0) {
    found.newest_sequence = DatumGetInt64(Column(0, 1));
    found.newest_partition = DatumGetInt32(Column(0, 2));
  }
  SPI_finish();
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

}  // namespace

void Recover(State& state, const Definitions& definitions, const Tables& tables, Journal& journal) {
  Found found;
  pg::RunTransaction("read the journal", [&] { Find(found); });
  state.sequence = std::max(found.checkpoint_sequence, found.newest_sequence);
  for (std::size_t i = 0; i < tables.attempt_partitions.size(); i++)
    if (tables.attempt_partitions[i].number == found.newest_partition) journal.SetAttemptPartition(static_cast<int>(i));

  Checkpoint checkpoint;
  if (!found.checkpoint.empty()) checkpoint = Parse(found.checkpoint);
  state.cursor = checkpoint.cursor;
  UpdateQueues(state, definitions);
  for (const auto& [id, cursor] : checkpoint.detached) QueueOf(state, definitions, id).own = cursor;

  std::set<std::pair<std::int32_t, EventOrder>> settled(found.settled_later.begin(), found.settled_later.end());
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

}  // namespace threefactor::delivery
