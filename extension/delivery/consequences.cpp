#include "pg/prelude.hpp"

#include "delivery/consequences.hpp"

#include "outbox/append.hpp"
#include "pg/encoding.hpp"

namespace threefactor::delivery {

namespace {

// Whoever holds the row is not waited for: the next answer asks again.
constexpr char kPause[] = R"(
WITH gone AS (
  UPDATE threefactor.event_trigger SET paused = true, pause_reason = 'its webhook answered 410 (Gone)'
   WHERE trigger_id IN (SELECT trigger_id FROM threefactor.event_trigger
                         WHERE trigger_id = $1 AND NOT paused FOR UPDATE SKIP LOCKED)
  RETURNING name)
SELECT name, threefactor_private.definitions_changed() FROM gone)";

text* ServerText(const OptionalText& utf8) {
  return utf8 ? DatumGetTextPP(pg::ServerText(*utf8)) : nullptr;
}

void AppendFailure(shared::DatabaseSlot& slot, const Attempt& attempt) {
  const Event& failed = *attempt.delivery.event;
  outbox::NewEvent event = {};
  event.position = shared::NextPosition(slot);
  event.event_id = outbox::NewEventId();
  event.created_at = GetCurrentTimestamp();
  event.operation = outbox::Operation::kError;
  event.definition_count = 1;
  event.definitions[0] = attempt.failure->definition_id;
  event.new_row = DatumGetTextPP(pg::ServerText(attempt.failure->report));
  event.session_variables = ServerText(failed.session_variables);
  event.trace_context = ServerText(failed.trace_context);
  outbox::Append(slot, &event, 1);
}

void Pause(int32 trigger_id) {
  Oid type = INT4OID;
  Datum argument = Int32GetDatum(trigger_id);
  if (SPI_execute_with_args(kPause, 1, &type, &argument, nullptr, false, 0) != SPI_OK_SELECT)
    elog(ERROR, "threefactor: cannot pause event trigger %d", trigger_id);
  if (SPI_processed == 0) return;
  ereport(WARNING,
          errmsg("threefactor: event trigger \"%s\" is paused: its webhook answered 410 (Gone)",
                 SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1)),
          errhint("When the endpoint is there again, run SELECT threefactor.resume(...)."));
}

}  // namespace

void WriteConsequences(const State& state) {
  int32 paused = 0;
  for (const Attempt& attempt : state.finished) {
    if (attempt.failure) AppendFailure(outbox::RequireSlot(), attempt);
    if (attempt.gone && attempt.delivery.trigger_id != paused) Pause(paused = attempt.delivery.trigger_id);
  }
}

}  // namespace threefactor::delivery
