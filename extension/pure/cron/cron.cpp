#include "cron/cron.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace threefactor::schedule {

namespace {

constexpr std::size_t kMostCharacters = 1000;
constexpr WallMinute kHour = 60;
constexpr WallMinute kDay = 24 * kHour;

constexpr std::string_view kMonths[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                        "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::string_view kWeekdays[] = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

struct Field {
  std::string_view what;
  int first;
  int last;
  std::span<const std::string_view> names;  // of `first` and those after it
};
constexpr std::array<Field, 5> kFields = {Field{"minute", 0, 59, {}}, Field{"hour", 0, 23, {}},
                                          Field{"day of month", 1, 31, {}}, Field{"month", 1, 12, kMonths},
                                          Field{"day of week", 0, 7, kWeekdays}};

struct Alias {
  std::string_view name;
  std::string_view cron;
};
constexpr std::array<Alias, 7> kAliases = {Alias{"@YEARLY", "0 0 1 1 *"},  Alias{"@ANNUALLY", "0 0 1 1 *"},
                                           Alias{"@MONTHLY", "0 0 1 * *"}, Alias{"@WEEKLY", "0 0 * * 0"},
                                           Alias{"@DAILY", "0 0 * * *"},   Alias{"@MIDNIGHT", "0 0 * * *"},
                                           Alias{"@HOURLY", "0 * * * *"}};

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return upper;
}

std::vector<std::string_view> Split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

[[noreturn]] void Refuse(const Field& field, std::string_view part, std::string_view why) {
  throw InvalidCron(std::string(field.what) + ": \"" + std::string(part) + "\" " + std::string(why));
}

std::optional<int> Number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || text.front() == '-') return std::nullopt;
  return number;
}

int Value(const Field& field, std::string_view text) {
  const auto name = std::find(field.names.begin(), field.names.end(), text);
  if (name != field.names.end()) return field.first + static_cast<int>(name - field.names.begin());
  const std::optional<int> number = Number(text);
  if (!number || *number < field.first || *number > field.last)
    Refuse(field, text,
           "is not a number from " + std::to_string(field.first) + " to " + std::to_string(field.last) +
               (field.names.empty() ? "" : ", nor a name such as " + std::string(field.names.front())));
  return *number;
}

// One part of a list: *, a, a-b, each with /step or without; a/step means from a on.
std::uint64_t Part(const Field& field, std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view range = text.substr(0, slash);
  int step = 1;
  if (slash != std::string_view::npos) {
    const std::string_view given = text.substr(slash + 1);
    const std::optional<int> number = Number(given);
    if (!number || *number < 1 || *number > field.last) Refuse(field, text, "has no step that can be");
    step = *number;
  }
  int first = field.first;
  int last = field.last;
  if (range != "*") {
    const std::size_t dash = range.find('-');
    first = Value(field, range.substr(0, dash));
    if (dash != std::string_view::npos)
      last = Value(field, range.substr(dash + 1));
    else if (slash == std::string_view::npos)
      last = first;
    if (last < first) Refuse(field, text, "ends before it begins");
  }
  std::uint64_t set = 0;
  for (int number = first; number <= last; number += step) set |= std::uint64_t{1} << number;
  return set;
}

std::uint64_t Set(const Field& field, std::string_view text) {
  std::uint64_t set = 0;
  for (const std::string_view part : Split(text, ",")) set |= Part(field, part);
  return set;
}

bool Has(std::uint64_t set, unsigned number) {
  return (set >> number & 1) != 0;
}

}  // namespace

Cron ParseCron(std::string_view text) {
  if (text.size() > kMostCharacters) throw InvalidCron("it is too long");
  std::string upper = Upper(text);
  for (const Alias& alias : kAliases)
    if (upper == alias.name) upper = alias.cron;
  std::vector<std::string_view> fields = Split(upper, " \t");
  std::erase(fields, "");
  if (fields.size() != kFields.size()) throw InvalidCron("it has " + std::to_string(fields.size()) + " fields, not 5");

  Cron cron;
  std::uint64_t* const sets[] = {&cron.minutes, &cron.hours, &cron.days, &cron.months, &cron.weekdays};
  for (std::size_t i = 0; i < kFields.size(); i++) *sets[i] = Set(kFields[i], fields[i]);
  cron.weekdays = (cron.weekdays | cron.weekdays >> 7) & 0x7f;
  cron.any_day = fields[2].front() == '*';
  cron.any_weekday = fields[4].front() == '*';
  cron.follows_clock = fields[0].front() == '*' || fields[1].front() == '*';
  return cron;
}

bool MatchesDay(const Cron& cron, WallMinute minute) {
  const std::chrono::sys_days date{
      std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::minutes>(std::chrono::minutes(minute)))};
  const std::chrono::year_month_day day(date);
  if (!Has(cron.months, static_cast<unsigned>(day.month()))) return false;
  const bool of_month = Has(cron.days, static_cast<unsigned>(day.day()));
  const bool of_week = Has(cron.weekdays, std::chrono::weekday(date).c_encoding());
  return cron.any_day || cron.any_weekday ? of_month && of_week : of_month || of_week;
}

bool Matches(const Cron& cron, WallMinute minute) {
  const auto of_day = static_cast<unsigned>((minute % kDay + kDay) % kDay);
  return Has(cron.minutes, of_day % kHour) && Has(cron.hours, of_day / kHour) && MatchesDay(cron, minute);
}

}  // namespace threefactor::schedule
