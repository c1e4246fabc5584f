#include "text/text.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <stdexcept>

namespace threefactor {

namespace {

// Length of the UTF-8 character at the start of `bytes`; 0: not valid; -1: valid so far, but cut off.
int CharacterLength(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const int length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (int i = 1; i < length; i++) {
    if (static_cast<std::size_t>(i) == bytes.size()) return -1;
    if ((byte(i) & 0xc0) != 0x80) return 0;
    if (i > 1) continue;
    // No overlong forms, no surrogates, nothing past U+10FFFF.
    const unsigned char second = byte(1);
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || (first == 0xf0 && second < 0x90) ||
        (first == 0xf4 && second > 0x8f))
      return 0;
  }
  return length;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void AppendJsonString(std::string& json, std::string_view text) {
  json += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        json += "\\\"";
        break;
      case '\\':
        json += "\\\\";
        break;
      case '\b':
        json += "\\b";
        break;
      case '\f':
        json += "\\f";
        break;
      case '\n':
        json += "\\n";
        break;
      case '\r':
        json += "\\r";
        break;
      case '\t':
        json += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          std::array<char, 8> escape;
          std::snprintf(escape.data(), escape.size(), "\\u%04x", c);
          json += escape.data();
        } else {
          json += c;
        }
    }
  }
  json += '"';
}

std::string UuidText(const UuidBytes& uuid) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < uuid.size(); i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kDigits[uuid[i] >> 4];
    text += kDigits[uuid[i] & 15];
  }
  return text;
}

UuidBytes ParseUuid(std::string_view text) {
  UuidBytes uuid{};
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '-') continue;
    const int digit = HexDigit(c);
    if (digit < 0 || digits == 32) throw std::invalid_argument("not a UUID");
    uuid[digits / 2] = static_cast<std::uint8_t>(uuid[digits / 2] << 4 | digit);
    digits++;
  }
  if (digits != 32) throw std::invalid_argument("not a UUID");
  return uuid;
}

std::string TimeText(std::int64_t time) {
  using namespace std::chrono;
  constexpr sys_days kPostgresEpoch = year(2000) / 1 / 1;
  const sys_time<microseconds> moment = kPostgresEpoch + microseconds(time);
  const sys_days day = floor<days>(moment);
  const year_month_day date(day);
  const hh_mm_ss clock(moment - day);
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text.data();
}

std::string ReadableText(std::string_view bytes, std::size_t limit, bool ascii_only) {
  const bool cut = bytes.size() > limit;
  bytes = bytes.substr(0, limit);
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const int length = CharacterLength(bytes);
    if (length < 0 && cut) break;
    if (length <= 0 || bytes[0] == '\0' || (ascii_only && length > 1)) {
      text += '?';
      bytes.remove_prefix(length > 1 ? length : 1);
    } else {
      text.append(bytes.substr(0, length));
      bytes.remove_prefix(length);
    }
  }
  return text;
}

std::string_view PublicError(std::string_view error) {
  return error.substr(0, error.find(": "));
}

}  // namespace threefactor
