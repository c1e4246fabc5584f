#include "json/json_text.hpp"

#include "event/omitted.hpp"

namespace threefactor::json {

namespace {

bool NeedsEscape(unsigned char character) {
  return character < 0x20 || character == '"' || character == '\\';
}

// The same of any of eight characters at once; sometimes true where none does.
bool MayNeedEscape(const char* data) {
  constexpr uint64 kOnes = 0x0101010101010101;
  constexpr uint64 kHighBits = 0x80 * kOnes;
  uint64 word;
  memcpy(&word, data, sizeof word);
  const uint64 quote = word ^ ('"' * kOnes);
  const uint64 backslash = word ^ ('\\' * kOnes);
  // x - 1 borrows into the high bit where x is 0; x - 0x20 where x is below 0x20 (or above 0xa0, which ~x leaves out).
  return (((word - 0x20 * kOnes) & ~word) | ((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash)) &
         kHighBits;
}

constexpr int kFirstCapacity = 1024;

text* CopyText(MemoryContext memory, const char* data, int length) {
  auto* copy = static_cast<text*>(MemoryContextAllocHuge(memory, static_cast<Size>(length) + VARHDRSZ));
  SET_VARSIZE(copy, length + VARHDRSZ);
  memcpy(VARDATA(copy), data, length);
  return copy;
}

}  // namespace

JsonText::JsonText(int limit) : memory_(CurrentMemoryContext), limit_(limit) {}

bool JsonText::Grow(int length) {
  const int64 needed = static_cast<int64>(length_) + length;
  if (skipped_ > 0 || needed > limit_) {
    Overflow(length);
    return false;
  }
  const int64 wanted = Max(Max(static_cast<int64>(capacity_) * 2, kFirstCapacity), needed);
  capacity_ = static_cast<int>(Min(wanted, static_cast<int64>(limit_)));
  data_ = static_cast<char*>(data_ ? repalloc_huge(data_, capacity_) : MemoryContextAllocHuge(memory_, capacity_));
  return true;
}

void JsonText::Overflow(uint64 size) {
  skipped_ += size;
  capacity_ = length_;  // nothing more fits, so that every append comes through Grow
}

// As escape_json does, for a value that has a length and no terminator.
void JsonText::QuotedString(const char* data, int length) {
  Raw('"');
  int begin = 0;
  for (int i = 0; i < length; i++) {
    while (length - i >= 8 && !MayNeedEscape(data + i)) i += 8;
    if (i == length) break;
    const auto character = static_cast<unsigned char>(data[i]);
    if (!NeedsEscape(character)) continue;
    Raw(data + begin, i - begin);
    begin = i + 1;
    char escape[8] = {'\\', static_cast<char>(character)};
    int size = 2;
    switch (character) {
      case '\b':
        escape[1] = 'b';
        break;
      case '\f':
        escape[1] = 'f';
        break;
      case '\n':
        escape[1] = 'n';
        break;
      case '\r':
        escape[1] = 'r';
        break;
      case '\t':
        escape[1] = 't';
        break;
      case '"':
      case '\\':
        break;
      default:
        size = pg_snprintf(escape, sizeof escape, "\\u%04x", character);
    }
    Raw(escape, size);
  }
  Raw(data + begin, length - begin);
  Raw('"');
}

text* JsonText::Finish(MemoryContext memory) const {
  return CopyText(memory, data_, length_);
}

text* OmittedRow(uint64 bytes, MemoryContext memory) {
  char row[96];
  const int length =
      pg_snprintf(row, sizeof row, "%.*s" UINT64_FORMAT "}", static_cast<int>(kOmitted.size()), kOmitted.data(), bytes);
  return CopyText(memory, row, length);
}

}  // namespace threefactor::json
