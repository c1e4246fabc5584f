#include "language/location.hpp"

#include <algorithm>

namespace threefactor::language {

Location LocationOf(std::string_view source, std::size_t offset) {
  const std::string_view before = source.substr(0, offset);
  const std::size_t line_start = before.find_last_of("\r\n") + 1;  // npos + 1 is 0
  Location location;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == '\n' || (before[i] == '\r' && !(i + 1 < source.size() && source[i + 1] == '\n'))) ++location.line;
  }
  // Continuation bytes of UTF-8 do not begin a character.
  const std::string_view line_before = before.substr(line_start);
  location.column += static_cast<std::size_t>(std::count_if(line_before.begin(), line_before.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
  return location;
}

}  // namespace threefactor::language
