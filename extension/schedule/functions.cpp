// SQL functions behind sql/schedules.sql: when a cron expression is due, and the events of schedules.
#include "pg/prelude.hpp"

#include <chrono>

#include "cron/next_tick.hpp"
#include "outbox/append.hpp"
#include "pg/guard.hpp"

extern "C" {
#include <datatype/timestamp.h>
#include <pgtime.h>
}

namespace threefactor::schedule {
namespace {

constexpr std::int64_t kSecondsPerMinute = 60;
constexpr Minute kMinutesTo2000 =
    static_cast<Minute>(POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY / kSecondsPerMinute;

Minute MinuteOf(TimestampTz time) {
  return std::chrono::floor<std::chrono::minutes>(std::chrono::microseconds(time)).count() + kMinutesTo2000;
}

// Raises when there is no such time zone.
pg_tz* FindTimeZone(const char* name) {
  pg_tz* zone = strlen(name) < TZ_STRLEN_MAX ? pg_tzset(name) : nullptr;
  if (!zone)
    ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("time zone \"%s\" is not known", name),
            errhint("Choose a name from the view pg_timezone_names, for example Europe/Berlin."));
  return zone;
}

// Throws nothing, raises nothing.
std::int32_t OffsetOf(const pg_tz* zone, Minute minute) {
  const pg_time_t time = minute * kSecondsPerMinute;
  const pg_tm* local = pg_localtime(&time, zone);
  return local ? static_cast<std::int32_t>(local->tm_gmtoff / kSecondsPerMinute) : 0;
}

}  // namespace
}  // namespace threefactor::schedule

THREEFACTOR_SQL_FUNCTION(threefactor_next_tick);
THREEFACTOR_SQL_FUNCTION(threefactor_append_scheduled);

// (cron text, time_zone text, after timestamptz) -> timestamptz
Datum threefactor_next_tick(PG_FUNCTION_ARGS) {
  using namespace threefactor;
  const char* expression = text_to_cstring(PG_GETARG_TEXT_PP(0));
  const pg_tz* zone = schedule::FindTimeZone(text_to_cstring(PG_GETARG_TEXT_PP(1)));
  const TimestampTz after = PG_GETARG_TIMESTAMPTZ(2);
  if (TIMESTAMP_NOT_FINITE(after)) PG_RETURN_NULL();
  const auto offset_at = [&](schedule::Minute minute) { return schedule::OffsetOf(zone, minute); };
  schedule::Minute tick = 0;
  bool found = false;
  char* wrong = nullptr;
  pg::Entered([&] {
    try {
      const auto next = schedule::NextTick(schedule::ParseCron(expression), schedule::MinuteOf(after), offset_at);
      found = next.has_value();
      tick = next.value_or(0);
    } catch (const schedule::InvalidCron& error) {
      wrong = pg::Guarded([&] { return pstrdup(error.what()); });
    }
  });
  if (wrong)
    ereport(ERROR, errcode(ERRCODE_INVALID_TEXT_REPRESENTATION), errmsg("\"%s\" is not a cron expression", expression),
            errdetail("%s.", wrong),
            errhint("Five fields: minute, hour, day of month, month, day of week, as in 30 2 * * MON-FRI; or @daily."));
  if (!found || tick > schedule::MinuteOf(END_TIMESTAMP - 1)) PG_RETURN_NULL();
  PG_RETURN_TIMESTAMPTZ((tick - schedule::kMinutesTo2000) * USECS_PER_MINUTE);
}

// (event_id uuid, definition integer, body json, failure boolean) -> void
Datum threefactor_append_scheduled(PG_FUNCTION_ARGS) {
  using namespace threefactor;
  outbox::RefuseIfReadOnly("threefactor.invoke()");
  shared::DatabaseSlot& slot = outbox::RequireSlot();
  outbox::NewEvent event = {};
  event.position = shared::NextPosition(slot);
  event.event_id = *PG_GETARG_UUID_P(0);
  event.created_at = GetCurrentTimestamp();
  event.operation = PG_GETARG_BOOL(3) ? outbox::Operation::kError : outbox::Operation::kScheduled;
  event.definition_count = 1;
  event.definitions[0] = PG_GETARG_INT32(1);
  event.new_row = PG_GETARG_TEXT_P(2);
  outbox::Append(slot, &event, 1);
  PG_RETURN_VOID();
}
