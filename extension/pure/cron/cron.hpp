// Cron expressions: five fields (minute, hour, day of month, month, day of week) of numbers, names (JAN, SUN), lists,
// ranges and steps; or @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually.
//
// As in Vixie's cron (crontab(5)): where both kinds of day are restricted, either is enough; a field that begins with *
// is not restricted. Sunday is 0 and 7.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace threefactor::schedule {

// What is wrong, and with which field.
class InvalidCron : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Cron {
  std::uint64_t minutes = 0;  // each a set: bit n is number n
  std::uint64_t hours = 0;
  std::uint64_t days = 0;      // of the month, from 1
  std::uint64_t months = 0;    // from 1
  std::uint64_t weekdays = 0;  // 0 is Sunday, to 6
  bool any_day = false;        // the field begins with *
  bool any_weekday = false;
  bool follows_clock = false;  // the minute or the hour begins with *: see NextTick
};

// Throws InvalidCron.
Cron ParseCron(std::string_view text);

// A minute of a wall clock: minutes since 1970-01-01 00:00 by that clock.
using WallMinute = std::int64_t;

bool MatchesDay(const Cron& cron, WallMinute minute);
bool Matches(const Cron& cron, WallMinute minute);

}  // namespace threefactor::schedule
