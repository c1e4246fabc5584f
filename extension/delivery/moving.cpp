#include "pg/prelude.hpp"

#include "delivery/moving.hpp"

#include "checkpoint/settled.hpp"
#include "delivery/recovery.hpp"
#include "outbox/cursor.hpp"
#include "pg/encoding.hpp"
#include "pg/transaction.hpp"

extern "C" {
#include <utils/memutils.h>
#include <utils/uuid.h>
#include <utils/xid8.h>
}

namespace threefactor::delivery {

namespace {

// $1: the journal, $2: the first transaction that may have unsettled events, $3: a snapshot. As SetAside in
// journal.cpp; the rows of a dropped event trigger are archived by the worker that loads them.
constexpr char kSetAside[] = R"(
INSERT INTO threefactor.parked
    (event_id, trigger_id, definition_id, idempotency_key, state, attempts, next_attempt_at, event_xid, event_position,
     created_at, operation, table_schema, table_name, old_row, new_row, session_variables, trace_context, order_key)
  SELECT o.event_id, d.trigger_id, d.definition_id, threefactor.delivery_key(o.event_id, d.trigger_id),
         CASE WHEN waits.in_order THEN 'blocked' ELSE 'retrying' END, 0,
         CASE WHEN NOT waits.in_order THEN least(o.created_at, now()) END, o.xid, o.position,
         o.created_at, o.operation, o.table_schema, o.table_name, o.old_row, o.new_row, o.session_variables,
         o.trace_context, nullif(c.order_key, 0)
    FROM threefactor.outbox AS o
   CROSS JOIN LATERAL unnest(o.definitions, o.order_keys) AS c (definition_id, order_key)
    JOIN threefactor.definition AS d ON d.definition_id = c.definition_id
   CROSS JOIN LATERAL (
           SELECT coalesce(c.order_key, 0) <> 0 AND EXISTS (
             SELECT FROM threefactor.event_trigger AS t JOIN threefactor.definition AS n ON n.definition_id = t.definition_id
              WHERE t.trigger_id = d.trigger_id AND n.order_by IS NOT NULL) AS in_order) AS waits
   WHERE o.xid >= $2::xid8 AND pg_visible_in_snapshot(o.xid, $3::pg_snapshot)
     AND NOT threefactor_private.is_settled($1, o.event_id, d.trigger_id, coalesce(c.order_key, 0), o.xid, o.position)
  ON CONFLICT (event_id, trigger_id) DO NOTHING)";

constexpr char kNote[] =
    "UPDATE threefactor.origin SET set_aside_to = $1::pg_snapshot"
    " WHERE database = threefactor.this_database() AND set_aside_at IS NOT NULL";

// Postgres-side: the frame owns nothing.
void Run(const char* statement, int expected, std::initializer_list<const char*> texts) {
  Oid types[3];
  Datum arguments[3];
  int count = 0;
  for (const char* text : texts) {
    types[count] = TEXTOID;
    arguments[count++] = CStringGetTextDatum(text);
  }
  const int result = SPI_execute_with_args(statement, count, types, arguments, nullptr, false, 0);
  if (result != expected) elog(ERROR, "threefactor: cannot set events aside: %s", SPI_result_code_string(result));
}

// As the type pg_snapshot has it.
std::string TextOf(const Snapshot& snapshot) {
  std::string text = std::to_string(snapshot.xmin) + ':' + std::to_string(snapshot.xmax) + ':';
  for (std::size_t i = 0; i < snapshot.running.size(); i++)
    text += (i == 0 ? "" : ",") + std::to_string(snapshot.running[i]);
  return text;
}

}  // namespace

void SetAllAside(Journal& journal) {
  std::int64_t base = 0;
  const Checkpoint common = CommonCheckpoint(&base);
  const std::string settled = Format(common);
  const std::string first = std::to_string(FirstUnsettled(common));

  // All that it shows is visible to the transaction that follows.
  Checkpoint after;
  after.workers = common.workers;
  pg::RunTransaction("take a snapshot", [&] { outbox::TakeSnapshot(&after.cursor.consumed); });
  const std::string snapshot = TextOf(after.cursor.consumed);
  journal.BeginAnew(std::vector<Checkpoint>(static_cast<std::size_t>(after.workers), after), base, [&] {
    Run(kSetAside, SPI_OK_INSERT, {settled.c_str(), first.c_str(), snapshot.c_str()});
    Run(kNote, SPI_OK_UPDATE, {snapshot.c_str()});
  });
}

}  // namespace threefactor::delivery

THREEFACTOR_SQL_FUNCTION(threefactor_is_in_transaction_block);
THREEFACTOR_SQL_FUNCTION(threefactor_is_settled);

Datum threefactor_is_in_transaction_block(PG_FUNCTION_ARGS) {
  PG_RETURN_BOOL(IsTransactionBlock());
}

// (journal text, event_id uuid, trigger_id integer, order_key bigint, xid xid8, position bigint) -> boolean. The
// journal, a checkpoint of all workers, is read once for a statement.
Datum threefactor_is_settled(PG_FUNCTION_ARGS) {
  using namespace threefactor;
  using delivery::SettledDeliveries;
  if (!fcinfo->flinfo->fn_extra) {
    const std::string_view journal = pg::Utf8(PG_GETARG_DATUM(0));
    auto* end = static_cast<MemoryContextCallback*>(
        MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(MemoryContextCallback)));
    fcinfo->flinfo->fn_extra =
        pg::Entered([&] { return static_cast<void*>(new SettledDeliveries(delivery::Parse(journal))); });
    end->arg = fcinfo->flinfo->fn_extra;
    end->func = [](void* settled) { delete static_cast<SettledDeliveries*>(settled); };
    MemoryContextRegisterResetCallback(fcinfo->flinfo->fn_mcxt, end);
  }
  const auto* settled = static_cast<const SettledDeliveries*>(fcinfo->flinfo->fn_extra);
  UuidBytes event_id;
  memcpy(event_id.data(), PG_GETARG_UUID_P(1)->data, UUID_LEN);
  const int32 trigger_id = PG_GETARG_INT32(2);
  const std::uint64_t hash = OwnershipHash(trigger_id, event_id, static_cast<std::uint64_t>(PG_GETARG_INT64(3)));
  const EventOrder event{U64FromFullTransactionId(PG_GETARG_FULLTRANSACTIONID(4)), PG_GETARG_INT64(5)};
  PG_RETURN_BOOL(settled->Contains(trigger_id, hash, event));
}
