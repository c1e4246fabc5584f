// What the values of headers are made of: names without regard to case, and lists by which a client says what it likes
// better (Accept, Accept-Encoding; RFC 9110, sections 5.6 and 12.4.2). Pure.
#pragma once

#include <strings.h>

#include <charconv>
#include <string_view>

namespace threefactor::transport {

inline std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Of names of headers and methods (RFC 9110, section 5.6.2).
inline bool IsTokenCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

inline bool EqualsIgnoringCase(std::string_view left, std::string_view right) {
  return left.size() == right.size() && strncasecmp(left.data(), right.data(), left.size()) == 0;
}

// Of "gzip;q=0.5", from the semicolon on; 1 where there is none, 0 for one that cannot be read.
inline double QualityOf(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return 1;
  double quality = 0;
  const std::string_view digits = parameters.substr(at + 2);
  std::from_chars(digits.data(), digits.data() + digits.size(), quality);
  return quality;
}

// Calls `take(name, quality)` for each item of the list.
template <typename Take>
void ForEachPreference(std::string_view list, const Take& take) {
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string_view item = list.substr(0, comma);
    const std::size_t semicolon = item.find(';');
    const bool has_parameters = semicolon != std::string_view::npos;
    take(Trimmed(item.substr(0, semicolon)), has_parameters ? QualityOf(item.substr(semicolon)) : 1);
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace threefactor::transport
