#include "auth/caching.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <ctime>
#include <string>

#include "auth/session_variables.hpp"

namespace threefactor::auth {

namespace {

constexpr std::int64_t kLongestLifetime = 365 * 24 * 60 * 60;

std::string_view WithoutBlanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '"')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '"')) text.remove_suffix(1);
  return text;
}

std::optional<std::int64_t> LifetimeOf(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc::result_out_of_range && end == text.data() + text.size() && !text.starts_with('-'))
    return kLongestLifetime;
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::min(seconds, kLongestLifetime);
}

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7). Not by strptime, whose names follow the locale.
std::optional<std::int64_t> SecondsOf(std::string_view date) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (date.size() != 29 || date.substr(25) != " GMT") return std::nullopt;
  const std::size_t month = kMonths.find(date.substr(8, 3));
  std::tm parts{};
  const auto number = [&](std::size_t at, std::size_t size, int& value) {
    const char* const end = date.data() + at + size;
    const auto [last, error] = std::from_chars(date.data() + at, end, value);
    return error == std::errc() && last == end && value >= 0;
  };
  if (month == std::string_view::npos || month % 3 != 0 || !number(5, 2, parts.tm_mday) ||
      !number(12, 4, parts.tm_year) || !number(17, 2, parts.tm_hour) || !number(20, 2, parts.tm_min) ||
      !number(23, 2, parts.tm_sec))
    return std::nullopt;
  parts.tm_mon = static_cast<int>(month / 3);
  parts.tm_year -= 1900;
  return timegm(&parts);
}

}  // namespace

Caching ReadCaching(std::string_view cache_control, std::string_view expires, std::int64_t now) {
  Caching caching;
  std::optional<std::int64_t> shared;
  for (std::string_view rest = cache_control; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string directive = LowerCase(WithoutBlanks(rest.substr(0, comma)));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const std::size_t equals = std::min(directive.find('='), directive.size());
    const std::string_view name = WithoutBlanks(std::string_view(directive).substr(0, equals));
    const std::string_view value =
        WithoutBlanks(std::string_view(directive).substr(std::min(equals + 1, directive.size())));
    if (name == "no-cache" || name == "no-store") caching.is_forbidden = true;
    if (name == "max-age") caching.lifetime = LifetimeOf(value);
    if (name == "s-maxage") shared = LifetimeOf(value);
  }
  if (shared) caching.lifetime = shared;
  if (!caching.lifetime && !caching.is_forbidden && !expires.empty()) {
    const auto date = SecondsOf(WithoutBlanks(expires));
    caching.lifetime = date ? std::clamp<std::int64_t>(*date - now, 0, kLongestLifetime) : 0;
  }
  return caching;
}

}  // namespace threefactor::auth
