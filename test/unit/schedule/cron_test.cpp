#include "cron/cron.hpp"

#include <catch2/catch.hpp>

using namespace threefactor::schedule;

namespace {

std::uint64_t Bits(std::initializer_list<int> numbers) {
  std::uint64_t set = 0;
  for (const int number : numbers) set |= std::uint64_t{1} << number;
  return set;
}

constexpr WallMinute kDay = 24 * 60;

}  // namespace

TEST_CASE("cron: numbers, names, lists, ranges, steps") {
  const Cron cron = ParseCron("0,30 8-10 1-31/10 jan,MAR Mon-fri");
  CHECK(cron.minutes == Bits({0, 30}));
  CHECK(cron.hours == Bits({8, 9, 10}));
  CHECK(cron.days == Bits({1, 11, 21, 31}));
  CHECK(cron.months == Bits({1, 3}));
  CHECK(cron.weekdays == Bits({1, 2, 3, 4, 5}));
  CHECK(ParseCron("*/20 * * * *").minutes == Bits({0, 20, 40}));
  CHECK(ParseCron("50/4 * * * *").minutes == Bits({50, 54, 58}));
  CHECK(ParseCron("0 0 * * 7").weekdays == Bits({0}));
  CHECK(ParseCron("0 0 * * 5-7").weekdays == Bits({0, 5, 6}));
  CHECK(ParseCron("  5\t4  * * *  ").hours == Bits({4}));
}

TEST_CASE("cron: names of the usual ones") {
  CHECK(ParseCron("@hourly").minutes == Bits({0}));
  CHECK(ParseCron("@hourly").follows_clock);
  CHECK(ParseCron("@Daily").hours == Bits({0}));
  CHECK_FALSE(ParseCron("@daily").follows_clock);
  CHECK(ParseCron("@weekly").weekdays == Bits({0}));
  CHECK(ParseCron("@yearly").months == Bits({1}));
}

TEST_CASE("cron: either kind of day, where both are restricted") {
  // 1970-01-01 was a Thursday.
  const Cron either = ParseCron("0 0 3 * THU");
  CHECK(Matches(either, 0));
  CHECK_FALSE(Matches(either, kDay));
  CHECK(Matches(either, 2 * kDay));
  CHECK(Matches(either, 7 * kDay));
  const Cron both = ParseCron("0 0 */2 * THU");
  CHECK(Matches(both, 0));
  CHECK_FALSE(Matches(both, 2 * kDay));
  CHECK_FALSE(Matches(both, 7 * kDay));
  CHECK(Matches(both, 14 * kDay));
  CHECK(Matches(ParseCron("59 23 31 12 WED"), -1));
}

TEST_CASE("cron: what is none, and why") {
  const auto why = [](const char* text) {
    try {
      ParseCron(text);
      return std::string("valid");
    } catch (const InvalidCron& error) {
      return std::string(error.what());
    }
  };
  CHECK(why("") == "it has 0 fields, not 5");
  CHECK(why("* * * * * *") == "it has 6 fields, not 5");
  CHECK(why("@noon") == "it has 1 fields, not 5");
  CHECK(why("60 * * * *") == "minute: \"60\" is not a number from 0 to 59");
  CHECK(why("-1 * * * *") == "minute: \"\" is not a number from 0 to 59");
  CHECK(why("* 5-3 * * *") == "hour: \"5-3\" ends before it begins");
  CHECK(why("* * 0 * *") == "day of month: \"0\" is not a number from 1 to 31");
  CHECK(why("* * * FOO *") == "month: \"FOO\" is not a number from 1 to 12, nor a name such as JAN");
  CHECK(why("* * * * L") == "day of week: \"L\" is not a number from 0 to 7, nor a name such as SUN");
  CHECK(why("*/0 * * * *") == "minute: \"*/0\" has no step that can be");
  CHECK(why("*/99999999999999999999 * * * *") == "minute: \"*/99999999999999999999\" has no step that can be");
  CHECK(why("1, * * * *") == "minute: \"\" is not a number from 0 to 59");
  CHECK(why("1;DROP * * * *") == "minute: \"1;DROP\" is not a number from 0 to 59");
  CHECK(why(std::string(2000, '1').c_str()) == "it is too long");
}
