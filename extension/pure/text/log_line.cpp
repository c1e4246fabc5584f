#include "text/log_line.hpp"

#include <algorithm>

#include "text/text.hpp"

namespace threefactor {

namespace {

constexpr std::size_t kMostOfValue = 200;  // bytes: an error may quote what a handler sent

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == ':' || c == '/';
}

}  // namespace

LogLine& LogLine::Add(std::string_view key, std::string_view value) {
  if (value.empty()) return *this;
  text_ += ' ';
  text_ += key;
  text_ += '=';
  if (value.size() <= kMostOfValue && std::all_of(value.begin(), value.end(), IsPlain))
    text_ += value;
  else
    AppendJsonString(text_, ReadableText(value, kMostOfValue, false));
  return *this;
}

LogLine& LogLine::Add(std::string_view key, std::int64_t value) {
  return Add(key, std::to_string(value));
}

}  // namespace threefactor
