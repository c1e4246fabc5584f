// Classes of bytes in a GraphQL document, and UTF-8 (GraphQL specification, section 2.1; RFC 3629).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace threefactor::language {

constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool IsNameContinue(char c) {
  return IsNameStart(c) || IsDigit(c);
}
constexpr bool IsLineTerminator(char c) {
  return c == '\n' || c == '\r';
}

// The value of a hexadecimal digit; -1: it is none.
constexpr int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A Name by the grammar: also what a table or column must be called to have a place in the API.
constexpr bool IsName(std::string_view text) {
  if (text.empty() || !IsNameStart(text.front())) return false;
  for (const char c : text) {
    if (!IsNameContinue(c)) return false;
  }
  return true;
}

// The offset of the first byte that is not part of well-formed UTF-8; npos: there is none.
std::size_t FindInvalidUtf8(std::string_view text);

// Requires a Unicode scalar value.
void AppendUtf8(std::string& text, std::uint32_t code_point);

}  // namespace threefactor::language
