// SQL functions behind the SQL API of sql/events.sql: events that no row change makes.
#include "database/version.hpp"
#include "event/idempotency_key.hpp"
#include "event/ownership.hpp"
#include "outbox/append.hpp"
#include "outbox/reader.hpp"
#include "outbox/session.hpp"
#include "pg/encoding.hpp"
#include "pg/guard.hpp"
#include "settings/settings.hpp"

extern "C" {
#include <access/detoast.h>
#include <utils/array.h>
}

namespace threefactor::outbox {
namespace {

// A one-dimensional array of integers without nulls, which the extension's own SQL functions make.
const int32* IntegersArgument(FunctionCallInfo fcinfo, int number, int* count) {
  ArrayType* array = PG_GETARG_ARRAYTYPE_P(number);
  *count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
  if (ARR_ELEMTYPE(array) != INT4OID || ARR_HASNULL(array))
    ereport(ERROR, errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("definitions must be integers, not null"));
  return reinterpret_cast<const int32*>(ARR_DATA_PTR(array));
}

// Raises when a text given as an event's data is larger than threefactor.max_payload_size, as it is or as UTF-8.
void CheckPayload(Datum value) {
  const Size most = static_cast<Size>(settings::max_payload_size) * 1024;
  Size size = toast_raw_datum_size(value) - VARHDRSZ;
  if (size <= most) size = Max(size, pg::Utf8(value).size());
  if (size <= most) return;
  ereport(ERROR, errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
          errmsg("the payload is larger than threefactor.max_payload_size"),
          errdetail("It has %zu bytes, %zu are allowed, also as UTF-8.", size, most),
          errhint("Send the key of a row instead of its data, or have the setting raised."));
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
  outbox::NewEvent event = {};
  event.event_id = outbox::NewEventId();
  event.created_at = GetCurrentTransactionStartTimestamp();
  event.operation = PG_GETARG_BOOL(1) ? outbox::Operation::kManual : outbox::Operation::kEmit;
  event.table_schema = outbox::TextArgument(fcinfo, 2);
  event.table_name = outbox::TextArgument(fcinfo, 3);
  event.new_row = outbox::TextArgument(fcinfo, 4);
  event.session_variables = outbox::SessionVariables();
  event.trace_context = outbox::TraceContext();
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
  UuidBytes event_id;
  memcpy(event_id.data(), PG_GETARG_UUID_P(0)->data, event_id.size());
  const int32 trigger = PG_GETARG_INT32(1);
  const UuidBytes key = pg::Entered([&] { return IdempotencyKey(event_id, trigger); });
  auto* result = static_cast<pg_uuid_t*>(palloc(sizeof(pg_uuid_t)));
  memcpy(result->data, key.data(), key.size());
  PG_RETURN_UUID_P(result);
}

// (event_id uuid, trigger_id integer, order_key bigint, workers integer) -> integer
Datum threefactor_delivery_worker(PG_FUNCTION_ARGS) {
  using namespace threefactor;
  if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3) || PG_GETARG_INT32(3) < 1) PG_RETURN_NULL();
  UuidBytes event_id;
  memcpy(event_id.data(), PG_GETARG_UUID_P(0)->data, event_id.size());
  const uint64 order_key = PG_ARGISNULL(2) ? 0 : static_cast<uint64>(PG_GETARG_INT64(2));
  PG_RETURN_INT32(OwnerOf(OwnershipHash(PG_GETARG_INT32(1), event_id, order_key), PG_GETARG_INT32(3)));
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
