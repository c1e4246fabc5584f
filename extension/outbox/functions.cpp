// SQL functions behind the SQL API of sql/events.sql: events that no row change makes, and word to the worker.
#include "capture/session.hpp"
#include "delivery/pure/idempotency_key.hpp"
#include "delivery/pure/ownership.hpp"
#include "outbox/append.hpp"
#include "outbox/reader.hpp"
#include "pg/guard.hpp"
#include "version.hpp"

extern "C" {
#include <utils/array.h>
}

namespace threefactor::outbox {
namespace {

// What this transaction will tell the worker when it commits.
bool definitions_changed = false;
bool parked_changed = false;
bool schedules_changed = false;

void OnTransaction(XactEvent event, void*) {
  if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE) return;
  if (event == XACT_EVENT_COMMIT && (definitions_changed || parked_changed || schedules_changed)) {
    shared::EnsureWorker();
    if (shared::DatabaseSlot* slot = shared::FindSlot()) {
      if (definitions_changed) pg_atomic_fetch_add_u32(&slot->definitions, 1);
      if (parked_changed) pg_atomic_fetch_add_u32(&slot->parked, 1);
      if (schedules_changed) pg_atomic_fetch_add_u32(&slot->schedules, 1);
      shared::RingDoorbell(*slot);
    }
  }
  definitions_changed = parked_changed = schedules_changed = false;
}

void RegisterOnce() {
  static bool registered = false;
  if (!registered) RegisterXactCallback(OnTransaction, nullptr);
  registered = true;
}

// A one-dimensional array of integers without nulls, which the extension's own SQL functions make.
const int32* IntegersArgument(FunctionCallInfo fcinfo, int number, int* count) {
  ArrayType* array = PG_GETARG_ARRAYTYPE_P(number);
  *count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
  if (ARR_ELEMTYPE(array) != INT4OID || ARR_HASNULL(array))
    ereport(ERROR, errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("definitions must be integers, not null"));
  return reinterpret_cast<const int32*>(ARR_DATA_PTR(array));
}

text* TextArgument(FunctionCallInfo fcinfo, int number) {
  return PG_ARGISNULL(number) ? nullptr : PG_GETARG_TEXT_P(number);
}

}  // namespace
}  // namespace threefactor::outbox

THREEFACTOR_SQL_FUNCTION(threefactor_append_event);
THREEFACTOR_SQL_FUNCTION(threefactor_check_payload);
THREEFACTOR_SQL_FUNCTION(threefactor_delivery_key);
THREEFACTOR_SQL_FUNCTION(threefactor_delivery_worker);
THREEFACTOR_SQL_FUNCTION(threefactor_whole_old_row);
THREEFACTOR_SQL_FUNCTION(threefactor_definitions_changed);
THREEFACTOR_SQL_FUNCTION(threefactor_parked_changed);
THREEFACTOR_SQL_FUNCTION(threefactor_schedules_changed);

// (definitions integer[], manual boolean, table_schema text, table_name text, payload json) -> uuid
Datum threefactor_append_event(PG_FUNCTION_ARGS) {
  using namespace threefactor;
  version::RequireArguments(fcinfo, 5);
  if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
    ereport(ERROR, errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("definitions and an operation are required"));
  outbox::RefuseIfReadOnly(PG_GETARG_BOOL(1) ? "threefactor.invoke()" : "threefactor.emit()");
  if (!PG_ARGISNULL(4)) outbox::CheckPayload(PG_GETARG_DATUM(4));
  shared::DatabaseSlot& slot = outbox::RequireSlot();
  int left = 0;
  const int32* definitions = outbox::IntegersArgument(fcinfo, 0, &left);
  outbox::Event event = {};
  event.event_id = outbox::NewEventId();
  event.created_at = GetCurrentTransactionStartTimestamp();
  event.operation = PG_GETARG_BOOL(1) ? outbox::Operation::kManual : outbox::Operation::kEmit;
  event.table_schema = outbox::TextArgument(fcinfo, 2);
  event.table_name = outbox::TextArgument(fcinfo, 3);
  event.new_row = outbox::TextArgument(fcinfo, 4);
  event.session_variables = capture::SessionVariables();
  event.trace_context = capture::TraceContext();
  // More definitions than one row lists make another row of the same event; none at all still makes one.
  do {
    event.position = shared::NextPosition(slot);
    event.definition_count = Min(left, outbox::kMaxDefinitions);
    memcpy(event.definitions, definitions, sizeof(int32) * event.definition_count);
    outbox::Append(slot, &event, 1);
    definitions += event.definition_count;
    left -= event.definition_count;
  } while (left > 0);
  auto* id = static_cast<pg_uuid_t*>(palloc(sizeof(pg_uuid_t)));
  *id = event.event_id;
  PG_RETURN_UUID_P(id);
}

// (payload json) -> void. Not strict: no payload is one.
Datum threefactor_check_payload(PG_FUNCTION_ARGS) {
  if (!PG_ARGISNULL(0)) threefactor::outbox::CheckPayload(PG_GETARG_DATUM(0));
  PG_RETURN_VOID();
}

// (event_id uuid, trigger_id integer) -> uuid
Datum threefactor_delivery_key(PG_FUNCTION_ARGS) {
  using namespace threefactor;
  delivery::UuidBytes event_id;
  memcpy(event_id.data(), PG_GETARG_UUID_P(0)->data, event_id.size());
  const int32 trigger = PG_GETARG_INT32(1);
  const delivery::UuidBytes key = pg::Entered([&] { return delivery::IdempotencyKey(event_id, trigger); });
  auto* result = static_cast<pg_uuid_t*>(palloc(sizeof(pg_uuid_t)));
  memcpy(result->data, key.data(), key.size());
  PG_RETURN_UUID_P(result);
}

// (event_id uuid, trigger_id integer, order_key bigint, workers integer) -> integer
Datum threefactor_delivery_worker(PG_FUNCTION_ARGS) {
  using namespace threefactor;
  if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3) || PG_GETARG_INT32(3) < 1) PG_RETURN_NULL();
  delivery::UuidBytes event_id;
  memcpy(event_id.data(), PG_GETARG_UUID_P(0)->data, event_id.size());
  const uint64 order_key = PG_ARGISNULL(2) ? 0 : static_cast<uint64>(PG_GETARG_INT64(2));
  PG_RETURN_INT32(
      delivery::OwnerOf(delivery::OwnershipHash(PG_GETARG_INT32(1), event_id, order_key), PG_GETARG_INT32(3)));
}

// (old_row json, new_row json) -> json, as stored -> whole
Datum threefactor_whole_old_row(PG_FUNCTION_ARGS) {
  using namespace threefactor;
  if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) {
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    PG_RETURN_DATUM(PG_GETARG_DATUM(0));
  }
  const text* const old_row = PG_GETARG_TEXT_PP(0);
  const text* const new_row = PG_GETARG_TEXT_PP(1);
  const std::string_view whole =
      outbox::WholeOldRow({VARDATA_ANY(old_row), static_cast<size_t>(VARSIZE_ANY_EXHDR(old_row))},
                          {VARDATA_ANY(new_row), static_cast<size_t>(VARSIZE_ANY_EXHDR(new_row))});
  PG_RETURN_TEXT_P(cstring_to_text_with_len(whole.data(), static_cast<int>(whole.size())));
}

// The worker reads event triggers again after this transaction has committed.
Datum threefactor_definitions_changed(PG_FUNCTION_ARGS) {
  (void)threefactor::shared::State();
  threefactor::outbox::RegisterOnce();
  threefactor::outbox::definitions_changed = true;
  PG_RETURN_VOID();
}

// Likewise with the parked deliveries.
Datum threefactor_parked_changed(PG_FUNCTION_ARGS) {
  (void)threefactor::shared::State();
  threefactor::outbox::RegisterOnce();
  threefactor::outbox::parked_changed = true;
  PG_RETURN_VOID();
}

// Likewise with the schedules.
Datum threefactor_schedules_changed(PG_FUNCTION_ARGS) {
  (void)threefactor::shared::State();
  threefactor::outbox::RegisterOnce();
  threefactor::outbox::schedules_changed = true;
  PG_RETURN_VOID();
}
