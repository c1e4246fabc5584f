#include "pg/prelude.hpp"

#include "delivery/blocked.hpp"

#include <unordered_map>

#include "checkpoint/inheritance.hpp"
#include "delivery/parked.hpp"
#include "delivery/tables.hpp"
#include "pg/transaction.hpp"
#include "queue/key_order.hpp"

namespace threefactor::delivery {

namespace {

constexpr int kPage = 32;                           // rows of one key
constexpr int kKeysAtOnce = 64;                     // in one transaction
constexpr std::size_t kMostBytesAtOnce = 8u << 20;  // likewise, and one row more
constexpr std::size_t kMostBytesOfKey = 1u << 20;   // likewise

constexpr char kFree[] = R"(
UPDATE threefactor.parked AS p SET state = 'retrying', next_attempt_at = now()
 WHERE p.state = 'blocked' AND NOT EXISTS (
   SELECT FROM threefactor.event_trigger AS t JOIN threefactor.definition AS d ON d.definition_id = t.definition_id
    WHERE t.trigger_id = p.trigger_id AND d.order_by IS NOT NULL))";

// Of each key: what all others wait for, and the first that waits; 0: none.
constexpr char kKeys[] = R"(
SELECT p.trigger_id, p.order_key, coalesce(min(p.event_position) FILTER (WHERE p.state <> 'blocked'), 0),
       coalesce(min(p.event_position) FILTER (WHERE p.state = 'blocked'), 0)
  FROM threefactor.parked AS p
  JOIN threefactor.event_trigger AS t ON t.trigger_id = p.trigger_id
  JOIN threefactor.definition AS d ON d.definition_id = t.definition_id
 WHERE p.order_key IS NOT NULL AND d.order_by IS NOT NULL AND (p.state <> 'dead' OR d.on_dead = 'block')
 GROUP BY 1, 2)";

constexpr char kHead[] =
    "SELECT min(event_position) FROM threefactor.parked"
    " WHERE trigger_id = $1 AND order_key = $2 AND (state = 'retrying' OR state = 'dead' AND $3)";
constexpr char kPageOfKey[] = "SELECT " PARKED_COLUMNS
                              " FROM threefactor.parked WHERE trigger_id = $1 AND order_key = $2 AND state = 'blocked'"
                              " ORDER BY event_position LIMIT $3";

struct FoundKey {
  std::int32_t trigger_id;
  OrderKey key;
  std::int64_t head;
  std::int64_t first;
};

struct Rows {
  std::int64_t head = 0;
  bool more = false;
  std::size_t bytes = 0;
  std::vector<Delivery> deliveries;
};

// Postgres-side: the frames own nothing.
void FindKeys(std::vector<FoundKey>& found) {
  SPI_connect();
  Execute(kFree, SPI_OK_UPDATE);
  Execute(kKeys, SPI_OK_SELECT);
  for (uint64 i = 0; i < SPI_processed; i++) {
    bool null;
    const auto column = [&](int number) {
      return SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, number, &null);
    };
    found.push_back({DatumGetInt32(column(1)), static_cast<OrderKey>(DatumGetInt64(column(2))),
                     DatumGetInt64(column(3)), DatumGetInt64(column(4))});
  }
  SPI_finish();
}

void Select(const char* statement, Oid third_type, std::int32_t trigger_id, OrderKey key, Datum third) {
  Oid types[] = {INT4OID, INT8OID, third_type};
  Datum arguments[] = {Int32GetDatum(trigger_id), Int64GetDatum(static_cast<int64>(key)), third};
  if (SPI_execute_with_args(statement, 3, types, arguments, nullptr, false, 0) != SPI_OK_SELECT)
    elog(ERROR, "threefactor: cannot read blocked deliveries");
}

void ReadRows(const Queue& queue, std::int32_t trigger_id, OrderKey key, Rows& rows) {
  Select(kHead, BOOLOID, trigger_id, key, BoolGetDatum(queue.order == Order::kBlockOnDead));
  bool null = false;
  const Datum head = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &null);
  if (!null) {
    rows.head = DatumGetInt64(head);
    return;
  }
  Select(kPageOfKey, INT4OID, trigger_id, key, Int32GetDatum(kPage));
  rows.more = SPI_processed == kPage;
  for (uint64 i = 0; i < SPI_processed; i++) {
    if (rows.bytes > kMostBytesOfKey) {
      rows.more = true;
      return;
    }
    Datum values[kParkedColumns];
    bool nulls[kParkedColumns];
    heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, values, nulls);
    Delivery& delivery = rows.deliveries.emplace_back(ParkedDelivery(trigger_id, values, nulls));
    delivery.blocked = true;
    rows.bytes += delivery.event->Size();
  }
}

}  // namespace

void LookForBlocked(State& state, bool at_start) {
  std::vector<FoundKey> found;
  pg::RunTransaction("look for blocked deliveries", [&] { FindKeys(found); });
  std::unordered_map<std::int32_t, std::unordered_map<OrderKey, std::int64_t>> heads;
  for (const FoundKey& key : found) {
    if (!IsOwn(state.share, OwnershipHash(key.trigger_id, {}, key.key))) continue;
    heads[key.trigger_id][key.key] = key.head;
    const auto queue = state.queues.find(key.trigger_id);
    if (at_start && queue != state.queues.end() && key.head == 0)
      SeatBefore(state, key.trigger_id, queue->second, key.key, key.first);
  }
  for (auto& [id, queue] : state.queues)
    if (queue.order != Order::kNone) FoundRows(state, id, queue, heads[id]);
}

void SetBehindAside(State& state, Journal& journal) {
  if (!state.behind.empty()) journal.SetAside(state, TakeBehind(state));
}

bool LoadBlocked(State& state) {
  if (state.to_check.empty()) return false;
  int left = kKeysAtOnce;
  std::size_t bytes = 0;
  Rows rows;
  pg::RunTransaction("load blocked deliveries", [&] {
    SPI_connect();
    for (; left > 0 && bytes <= kMostBytesAtOnce; left--) {
      const auto next = NextToCheck(state);
      if (!next) break;
      const auto [trigger_id, key] = *next;
      rows = {};
      ReadRows(state.queues.at(trigger_id), trigger_id, key, rows);
      bytes += rows.bytes;
      Checked(state, trigger_id, key, std::move(rows.deliveries), rows.more, rows.head);
    }
    SPI_finish();
  });
  return left < kKeysAtOnce;
}

}  // namespace threefactor::delivery
