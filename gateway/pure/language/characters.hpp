// Line ends in a GraphQL document, and UTF-8 (GraphQL specification, section 2.1; RFC 3629).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace threefactor::language {

constexpr bool IsLineTerminator(char c) {
  return c == '\n' || c == '\r';
}

// The offset of the first byte that is not part of well-formed UTF-8; npos: there is none.
std::size_t FindInvalidUtf8(std::string_view text);

// Requires a Unicode scalar value.
void AppendUtf8(std::string& text, std::uint32_t code_point);

}  // namespace threefactor::language
