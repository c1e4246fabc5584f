#include "http/retry_after.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace threefactor::delivery {

namespace {
constexpr std::int64_t kMostSeconds = 100LL * 365 * 24 * 3600;
}

std::optional<Milliseconds> ParseRetryAfter(std::string_view value, std::int64_t now) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = value.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return std::nullopt;
  value = value.substr(first, value.find_last_not_of(kSpace) + 1 - first);
  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    std::int64_t seconds = 0;
    const auto result = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (result.ec != std::errc{}) seconds = kMostSeconds;  // too long a number
    return Milliseconds(std::min(seconds, kMostSeconds) * 1000);
  }
  if (value.find(':') == std::string_view::npos) return std::nullopt;  // curl reads any bare number as a date
  const std::int64_t date = curl_getdate(std::string(value).c_str(), nullptr);
  if (date < 0) return std::nullopt;
  return Milliseconds(std::clamp<std::int64_t>(date - now, 0, kMostSeconds) * 1000);
}

}  // namespace threefactor::delivery
