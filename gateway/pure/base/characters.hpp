// Classes of ASCII characters, and the names that are made of them (GraphQL specification, section 2.1.9).
#pragma once

#include <string_view>

namespace threefactor {

constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool IsNameContinue(char c) {
  return IsNameStart(c) || IsDigit(c);
}

// The value of a hexadecimal digit; -1: it is none.
constexpr int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A Name of the grammar of GraphQL: what a document may contain.
constexpr bool IsName(std::string_view text) {
  if (text.empty() || !IsNameStart(text.front())) return false;
  for (const char c : text) {
    if (!IsNameContinue(c)) return false;
  }
  return true;
}

// A name that a schema may give: what a table or column must be called to have a place in the API. Those that begin
// with "__" are reserved for GraphQL itself.
constexpr bool IsPublicName(std::string_view text) {
  return IsName(text) && !text.starts_with("__");
}

}  // namespace threefactor
