#include "pg/prelude.hpp"

#include "schedule/due.hpp"

#include "pg/transaction.hpp"

namespace threefactor::schedule {

namespace {

constexpr Time kTidyInterval = 3600 * USECS_PER_SEC;

// Postgres-side. The time that the function gives; kNever for null.
Time Call(const char* statement) {
  SPI_connect();
  if (SPI_execute(statement, false, 0) != SPI_OK_SELECT) elog(ERROR, "threefactor: '%s' failed", statement);
  bool null = false;
  const Datum value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &null);
  const Time time = null ? kNever : DatumGetTimestampTz(value);
  SPI_finish();
  return time;
}

}  // namespace

void Due::Fire(Time now) {
  const std::uint32_t schedules = pg_atomic_read_u32(&slot_.schedules);
  const std::uint32_t definitions = pg_atomic_read_u32(&slot_.definitions);
  if (now < next_ && schedules == seen_schedules_ && definitions == seen_definitions_) return;
  pg::RunTransaction("fire schedules", [&] { next_ = Call("SELECT threefactor_private.fire_schedules()"); });
  seen_schedules_ = schedules;
  seen_definitions_ = definitions;
  if (now - tidied_at_ < kTidyInterval) return;
  tidied_at_ = now;
  pg::RunTransaction("forget unused one-off event triggers", [] {
    (void)Call("SELECT CAST(NULL AS timestamptz) FROM threefactor_private.forget_unused_once()");
  });
}

}  // namespace threefactor::schedule
