#include "language/string_value.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include "base/characters.hpp"
#include "language/characters.hpp"
#include "language/syntax_error.hpp"

namespace threefactor::language {

namespace {

constexpr std::uint32_t kLargestCodePoint = 0x10FFFF;

bool IsHighSurrogate(std::uint32_t code) {
  return code >= 0xD800 && code <= 0xDBFF;
}
bool IsLowSurrogate(std::uint32_t code) {
  return code >= 0xDC00 && code <= 0xDFFF;
}

// Reads the escapes of one string; position is that of the character after what was read.
class EscapeReader {
 public:
  EscapeReader(std::string_view source, std::string_view raw) : source_(source), raw_(raw) {}

  std::string Decode() {
    std::string value;
    value.reserve(raw_.size());
    while (position_ < raw_.size()) {
      if (raw_[position_] != '\\') {
        value.push_back(raw_[position_++]);
        continue;
      }
      escape_start_ = position_++;
      AppendEscape(value);
    }
    return value;
  }

 private:
  [[noreturn]] void Fail() const {
    ThrowSyntaxError(source_, static_cast<std::size_t>(raw_.data() - source_.data()) + escape_start_,
                     "a valid escape sequence");
  }

  char Take() {
    if (position_ == raw_.size()) Fail();
    return raw_[position_++];
  }

  void AppendEscape(std::string& value) {
    switch (const char c = Take()) {
      case '"':
      case '\\':
      case '/':
        value.push_back(c);
        break;
      case 'b':
        value.push_back('\b');
        break;
      case 'f':
        value.push_back('\f');
        break;
      case 'n':
        value.push_back('\n');
        break;
      case 'r':
        value.push_back('\r');
        break;
      case 't':
        value.push_back('\t');
        break;
      case 'u':
        AppendUtf8(value, TakeCodePoint());
        break;
      default:
        Fail();
    }
  }

  std::uint32_t TakeCodePoint() {
    if (position_ < raw_.size() && raw_[position_] == '{') return TakeBracedCodePoint();
    const std::uint32_t first = TakeFourDigits();
    if (IsLowSurrogate(first)) Fail();
    if (!IsHighSurrogate(first)) return first;
    if (Take() != '\\' || Take() != 'u') Fail();
    const std::uint32_t second = TakeFourDigits();
    if (!IsLowSurrogate(second)) Fail();
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
  }

  std::uint32_t TakeFourDigits() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) code = (code << 4) | TakeHexDigit(Take());
    return code;
  }

  std::uint32_t TakeBracedCodePoint() {
    ++position_;
    std::uint32_t code = TakeHexDigit(Take());
    for (char c = Take(); c != '}'; c = Take()) {
      code = (code << 4) | TakeHexDigit(c);
      if (code > kLargestCodePoint) Fail();
    }
    if (IsHighSurrogate(code) || IsLowSurrogate(code)) Fail();
    return code;
  }

  std::uint32_t TakeHexDigit(char c) const {
    const int digit = HexDigit(c);
    if (digit < 0) Fail();
    return static_cast<std::uint32_t>(digit);
  }

  std::string_view source_;
  std::string_view raw_;
  std::size_t position_ = 0;
  std::size_t escape_start_ = 0;
};

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!IsLineTerminator(text[i])) continue;
    lines.push_back(text.substr(start, i - start));
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    start = i + 1;
  }
  lines.push_back(text.substr(start));
  return lines;
}

}  // namespace

std::string DecodeString(std::string_view source, std::string_view raw) {
  return EscapeReader(source, raw).Decode();
}

std::string DecodeBlockString(std::string_view raw) {
  std::vector<std::string_view> lines = SplitLines(raw);
  const auto indent_of = [](std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); };
  const auto is_blank = [&](std::string_view line) { return indent_of(line) == line.size(); };

  std::optional<std::size_t> common_indent;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (!is_blank(lines[i])) common_indent = std::min(common_indent.value_or(lines[i].size()), indent_of(lines[i]));
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    lines[i].remove_prefix(std::min(common_indent.value_or(0), lines[i].size()));
  }
  std::size_t first = 0;
  std::size_t last = lines.size();
  while (first < last && is_blank(lines[first])) ++first;
  while (last > first && is_blank(lines[last - 1])) --last;

  std::string value;
  value.reserve(raw.size());
  for (std::size_t i = first; i < last; ++i) {
    if (i > first) value.push_back('\n');
    std::string_view line = lines[i];
    for (std::size_t escape = line.find("\\\"\"\""); escape != std::string_view::npos; escape = line.find("\\\"\"\"")) {
      value.append(line.substr(0, escape)).append("\"\"\"");
      line.remove_prefix(escape + 4);
    }
    value.append(line);
  }
  return value;
}

}  // namespace threefactor::language
