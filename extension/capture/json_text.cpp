#include "capture/json_text.hpp"

namespace threefactor::capture {

namespace {

bool NeedsEscape(unsigned char character) {
  return character < 0x20 || character == '"' || character == '\\';
}

}  // namespace

JsonText::JsonText(int limit) : limit_(limit) {
  initStringInfo(&buffer_);
}

void JsonText::Raw(const char* data, int length) {
  if (skipped_ > 0 || buffer_.len + length > limit_)
    skipped_ += length;
  else
    appendBinaryStringInfo(&buffer_, data, length);
}

// As escape_json does, for a value that has a length and no terminator.
void JsonText::QuotedString(const char* data, int length) {
  Raw('"');
  int begin = 0;
  for (int i = 0; i < length; i++) {
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

text* JsonText::Finish() const {
  return skipped_ > 0 ? Marker() : cstring_to_text_with_len(buffer_.data, buffer_.len);
}

text* JsonText::Marker() const {
  char marker[96];
  const int length =
      pg_snprintf(marker, sizeof marker, "{\"threefactor_omitted\": true, \"bytes\": " UINT64_FORMAT "}", size());
  return cstring_to_text_with_len(marker, length);
}

}  // namespace threefactor::capture
