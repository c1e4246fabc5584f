#include "pg/prelude.hpp"

#include "delivery/parked.hpp"

#include <algorithm>

#include "delivery/tables.hpp"
#include "outbox/columns.hpp"
#include "outbox/reader.hpp"
#include "pg/transaction.hpp"

namespace threefactor::delivery {

namespace {

constexpr int kPage = 128;

constexpr char kFirstDue[] =
    "SELECT trigger_id, min(next_attempt_at), EXISTS (SELECT FROM threefactor.dropped_event_trigger AS d"
    " WHERE d.trigger_id = p.trigger_id) FROM threefactor.parked AS p WHERE state = 'retrying' GROUP BY trigger_id";

struct FirstDue {
  std::int32_t trigger_id;
  Time time;
  bool is_dropped;
};

constexpr char kPageOfTrigger[] =
    "SELECT " PARKED_COLUMNS
    " FROM threefactor.parked WHERE trigger_id = $1 AND state = 'retrying'"
    " AND ($3 = 1 OR threefactor_private.delivery_worker(event_id, trigger_id, order_key, $3) = $4)"
    " ORDER BY next_attempt_at, event_position LIMIT $2";

bool IsDue(const Queue& queue, Time now) {
  return queue.next_due <= now && !Halted(queue) && IsHungry(queue);
}

// Postgres-side: the frames own nothing.
void LoadFirstDue(std::vector<FirstDue>& found) {
  SPI_connect();
  Execute(kFirstDue, SPI_OK_SELECT);
  for (uint64 i = 0; i < SPI_processed; i++) {
    bool null = false;
    const auto column = [&](int number) {
      return SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, number, &null);
    };
    const int32 trigger_id = DatumGetInt32(column(1));
    const TimestampTz due = DatumGetTimestampTz(column(2));
    const Time time = null ? 0 : due;
    found.push_back({trigger_id, time, DatumGetBool(column(3))});
  }
  SPI_finish();
}

void LoadPage(State& state, int32 trigger_id, Queue& queue, Time now) {
  Oid types[] = {INT4OID, INT4OID, INT4OID, INT4OID};
  const int limit = static_cast<int>(queue.loaded.size()) + kPage;
  Datum arguments[] = {Int32GetDatum(trigger_id), Int32GetDatum(limit), Int32GetDatum(state.share.workers),
                       Int32GetDatum(state.share.worker)};
  SPI_connect();
  if (SPI_execute_with_args(kPageOfTrigger, 4, types, arguments, nullptr, false, 0) != SPI_OK_SELECT)
    elog(ERROR, "threefactor: cannot read parked deliveries");
  queue.next_due = SPI_processed < static_cast<uint64>(limit) ? kNever : now;
  for (uint64 i = 0; i < SPI_processed; i++) {
    Datum values[kParkedColumns];
    bool nulls[kParkedColumns];
    heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, values, nulls);
    const TimestampTz due = nulls[kParkedDue] ? 0 : DatumGetTimestampTz(values[kParkedDue]);
    if (due > now && !queue.dropped) {  // what is dropped is archived now
      queue.next_due = due;
      break;
    }
    if (!HasRoom(queue)) {
      queue.next_due = now;
      break;
    }
    Delivery delivery = ParkedDelivery(trigger_id, values, nulls);
    if (!queue.loaded.contains(delivery.event->id)) Enqueue(state, std::move(delivery));
  }
  SPI_finish();
}

}  // namespace

Delivery ParkedDelivery(std::int32_t trigger_id, const Datum* values, const bool* nulls) {
  const outbox::Row row = outbox::RowOf(values, nulls);
  Delivery delivery;
  delivery.event = outbox::MakeEvent(row);
  delivery.definition_id = row.definition_count ? row.definitions[0] : 0;
  delivery.trigger_id = trigger_id;
  memcpy(delivery.key.data(), DatumGetUUIDP(values[kParkedKey])->data, UUID_LEN);
  delivery.attempts = DatumGetInt32(values[kParkedAttempts]);
  delivery.parked = true;
  delivery.order_key = row.order_keys ? row.order_keys[0] : 0;
  return delivery;
}

void LookForDue(State& state, const Definitions& definitions) {
  std::vector<FirstDue> found;
  pg::RunTransaction("look for retries", [&] { LoadFirstDue(found); });
  for (auto& [id, queue] : state.queues) queue.next_due = kNever;
  for (const FirstDue& first : found) {
    Queue& queue = QueueOf(state, definitions, first.trigger_id);
    // Rows may be there before their event trigger is known, as while a dump is restored: they are no dropped one's.
    if (queue.dropped && !first.is_dropped) continue;
    queue.next_due = queue.dropped ? 0 : first.time;
  }
}

Time NextDue(const State& state) {
  Time earliest = kNever;
  for (const auto& [id, queue] : state.queues)
    if (!Halted(queue) && IsHungry(queue)) earliest = std::min(earliest, queue.next_due);
  return earliest;
}

void LoadDue(State& state, Time now) {
  if (NextDue(state) > now) return;
  pg::RunTransaction("load retries", [&] {
    for (auto& [id, queue] : state.queues)
      if (IsDue(queue, now)) LoadPage(state, id, queue, now);
  });
}

}  // namespace threefactor::delivery
