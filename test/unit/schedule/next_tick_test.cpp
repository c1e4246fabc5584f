#include "cron/next_tick.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace threefactor::schedule;

namespace {

constexpr Minute kHour = 60;
constexpr Minute kDay = 24 * kHour;

Minute At(int year, unsigned month, unsigned day, int hour, int minute) {
  using namespace std::chrono;
  const sys_days date = year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day));
  return date.time_since_epoch() / minutes(1) + hour * kHour + minute;
}

// Offsets by the minute from which each holds.
OffsetAt Zone(std::map<Minute, std::int32_t> changes, std::int32_t first) {
  return [changes = std::move(changes), first](Minute minute) {
    const auto after = changes.upper_bound(minute);
    return after == changes.begin() ? first : std::prev(after)->second;
  };
}

const OffsetAt kUtc = [](Minute) { return 0; };

OffsetAt Berlin() {  // 2026: summer from March 29, 02:00 to 03:00; winter from October 25, 03:00 to 02:00
  return Zone({{At(2026, 3, 29, 1, 0), 120}, {At(2026, 10, 25, 1, 0), 60}}, 60);
}

std::vector<Minute> Ticks(const char* text, const OffsetAt& zone, Minute after, Minute until) {
  const Cron cron = ParseCron(text);
  std::vector<Minute> ticks;
  for (std::optional<Minute> tick = NextTick(cron, after, zone); tick && *tick <= until;
       tick = NextTick(cron, *tick, zone))
    ticks.push_back(*tick);
  return ticks;
}

using Minutes = std::vector<Minute>;

}  // namespace

TEST_CASE("next tick: strictly after, over months and leap years") {
  CHECK(NextTick(ParseCron("0 12 * * *"), At(2026, 11, 22, 12, 0), kUtc) == At(2026, 11, 23, 12, 0));
  CHECK(NextTick(ParseCron("0 0 31 * *"), At(2026, 2, 1, 0, 0), kUtc) == At(2026, 3, 31, 0, 0));
  CHECK(NextTick(ParseCron("0 0 29 2 *"), At(2096, 3, 1, 0, 0), kUtc) == At(2104, 2, 29, 0, 0));
  CHECK(NextTick(ParseCron("0 0 29 2 */7"), At(2026, 1, 1, 0, 0), kUtc) == At(2032, 2, 29, 0, 0));
  CHECK(NextTick(ParseCron("0 0 30 2 *"), At(2026, 1, 1, 0, 0), kUtc) == std::nullopt);
}

TEST_CASE("next tick: a time of day that the clock leaves out is due when it goes on, once") {
  const Minute from = At(2026, 3, 28, 12, 0);
  const Minute until = At(2026, 3, 30, 12, 0);
  CHECK(Ticks("30 2 * * *", Berlin(), from, until) == Minutes{At(2026, 3, 29, 1, 0), At(2026, 3, 30, 0, 30)});
  CHECK(Ticks("0,30 2 29 3 *", Berlin(), from, until) == Minutes{At(2026, 3, 29, 1, 0)});
  CHECK(Ticks("0 3 29 3 *", Berlin(), from, until) == Minutes{At(2026, 3, 29, 1, 0)});
}

TEST_CASE("next tick: a time of day that the clock shows twice counts once") {
  const Minute from = At(2026, 10, 24, 12, 0);
  const Minute until = At(2026, 10, 26, 12, 0);
  CHECK(Ticks("30 2 * * *", Berlin(), from, until) == Minutes{At(2026, 10, 25, 0, 30), At(2026, 10, 26, 1, 30)});
  CHECK(Ticks("0 3 25 10 *", Berlin(), from, until) == Minutes{At(2026, 10, 25, 2, 0)});
}

TEST_CASE("next tick: each hour is each hour, also while clocks change") {
  CHECK(Ticks("0 * * * *", Berlin(), At(2026, 3, 28, 23, 30), At(2026, 3, 29, 2, 30)) ==
        Minutes{At(2026, 3, 29, 0, 0), At(2026, 3, 29, 1, 0), At(2026, 3, 29, 2, 0)});
  CHECK(Ticks("*/30 2 * * *", Berlin(), At(2026, 10, 24, 12, 0), At(2026, 10, 25, 12, 0)).size() == 4);
}

TEST_CASE("next tick: a day that a country left out is left out") {  // Samoa, 2011-12-30
  const OffsetAt apia = Zone({{At(2011, 12, 30, 10, 0), 14 * kHour}}, -10 * kHour);
  CHECK(Ticks("0 12 * * *", apia, At(2011, 12, 29, 0, 0), At(2011, 12, 31, 12, 0)) ==
        Minutes{At(2011, 12, 29, 22, 0), At(2011, 12, 30, 22, 0)});
}

namespace {

// A cron expression as sets and as text, made together.
struct Random {
  std::mt19937 engine;
  int Dice(int sides) { return static_cast<int>(engine() % static_cast<unsigned>(sides)); }

  // A field of numbers first..last as text; the numbers it names into `set`.
  std::string Field(int first, int last, std::set<int>& set) {
    const auto add = [&](int from, int to, int step) {
      for (int n = from; n <= to; n += step) set.insert(n);
    };
    const int size = last - first + 1;
    switch (Dice(5)) {
      case 0:
        add(first, last, 1);
        return "*";
      case 1: {
        const int step = 1 + Dice(last);
        add(first, last, step);
        return "*/" + std::to_string(step);
      }
      case 2: {
        const int from = first + Dice(size);
        const int to = from + Dice(last - from + 1);
        const int step = 1 + Dice(std::min(last, 4));
        add(from, to, step);
        return std::to_string(from) + "-" + std::to_string(to) + "/" + std::to_string(step);
      }
      default: {
        std::string text;
        for (int i = Dice(3); i >= 0; i--) {
          const int number = first + Dice(size);
          set.insert(number);
          text += std::to_string(number) + (i ? "," : "");
        }
        return text;
      }
    }
  }
};

struct Expression {
  std::set<int> minutes, hours, days, months, weekdays;
  bool any_day, any_weekday, follows_clock;
  std::string text;

  explicit Expression(Random& random) {
    const std::string fields[] = {random.Field(0, 59, minutes), random.Field(0, 23, hours), random.Field(1, 31, days),
                                  random.Dice(3) ? "*" : random.Field(1, 12, months), random.Field(0, 6, weekdays)};
    if (months.empty())
      for (int n = 1; n <= 12; n++) months.insert(n);
    for (const std::string& field : fields) text += field + " ";
    any_day = fields[2][0] == '*';
    any_weekday = fields[4][0] == '*';
    follows_clock = fields[0][0] == '*' || fields[1][0] == '*';
  }

  bool Shows(WallMinute wall) const {
    using namespace std::chrono;
    const sys_days date = floor<days_t>(sys_time<minutes_t>(minutes_t(wall)));
    const year_month_day day(date);
    const bool of_month = days.contains(static_cast<int>(unsigned(day.day())));
    const bool of_week = weekdays.contains(static_cast<int>(weekday(date).c_encoding()));
    const bool of_day = any_day || any_weekday ? of_month && of_week : of_month || of_week;
    const WallMinute of_date = wall - date.time_since_epoch() / minutes_t(1);
    return of_day && months.contains(static_cast<int>(unsigned(day.month()))) &&
           hours.contains(static_cast<int>(of_date / 60)) && minutes.contains(static_cast<int>(of_date % 60));
  }

 private:
  using days_t = std::chrono::days;
  using minutes_t = std::chrono::minutes;
};

// Minute by minute, as the rule is written.
Minutes NaiveTicks(const Expression& cron, const OffsetAt& zone, Minute after, Minute until) {
  Minutes ticks;
  for (Minute minute = after + 1; minute <= until; minute++) {
    const WallMinute wall = minute + zone(minute);
    const WallMinute previous = minute - 1 + zone(minute - 1);
    bool due = cron.Shows(wall);
    if (!cron.follows_clock) {
      for (Minute earlier = minute - 3 * kHour; earlier < minute; earlier++)
        if (earlier + zone(earlier) == wall) due = false;
      if (wall - previous <= 3 * kHour)
        for (WallMinute left_out = previous + 1; left_out < wall; left_out++) due = due || cron.Shows(left_out);
    }
    if (due) ticks.push_back(minute);
  }
  return ticks;
}

}  // namespace

TEST_CASE("next tick: as a count minute by minute, in zones whose clocks change anyhow") {
  Random random{std::mt19937(GENERATE(1u, 2u, 3u, 4u))};
  for (int round = 0; round < 40; round++) {
    const Expression expression(random);
    const Minute begin = At(2024, 1, 1, 0, 0) + random.Dice(3 * 365) * kDay + random.Dice(1440);
    const Minute end = begin + 20 * kDay;
    std::map<Minute, std::int32_t> changes;
    const std::int32_t offset = (random.Dice(27) - 12) * 60 + random.Dice(4) * 15;
    int sign = 1;
    for (Minute at = begin + random.Dice(2000); at < end; at += 2 * kDay + random.Dice(3000), sign = -sign) {
      constexpr std::int32_t kChanges[] = {30, 60, 60, 60, 120, 180, 20, 24 * 60};
      changes[at] = sign > 0 ? offset + kChanges[random.Dice(8)] : offset;
    }
    const OffsetAt zone = Zone(changes, offset);
    INFO(expression.text << " from " << begin << ", offset " << offset);
    CHECK(Ticks(expression.text.c_str(), zone, begin, end) == NaiveTicks(expression, zone, begin, end));
  }
}
