#include "pg/encoding.hpp"

extern "C" {
#include <lib/stringinfo.h>
#include <mb/pg_wchar.h>
}

namespace threefactor::pg {

namespace {

constexpr int kChunk = 8192;  // bytes converted at once
constexpr char kReplacement = '?';

unsigned char* Bytes(const char* text) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text));
}

// Of the character at the start of `text`, which cannot be converted.
int LengthOfBad(int encoding, const char* text, int length) {
  const int valid = pg_encoding_verifymbchar(encoding, text, length);
  return valid > 0 ? Min(valid, length) : 1;
}

// Keeps what is valid UTF-8.
void Clean(StringInfo result, const char* text, int length) {
  while (length > 0) {
    const int valid = pg_encoding_verifymbstr(PG_UTF8, text, length);
    appendBinaryStringInfo(result, text, valid);
    if (valid < length) appendStringInfoChar(result, kReplacement);
    const int done = Min(valid + 1, length);
    text += done;
    length -= done;
  }
}

// Keeps what is ASCII.
void KeepAscii(StringInfo result, const char* text, int length) {
  for (int i = 0; i < length; i++) appendStringInfoChar(result, IS_HIGHBIT_SET(text[i]) ? kReplacement : text[i]);
}

void Convert(StringInfo result, const char* text, int length, int from, int to) {
  const Oid procedure = FindDefaultConversionProc(from, to);
  if (!OidIsValid(procedure)) return KeepAscii(result, text, length);  // as from MULE_INTERNAL
  char converted[kChunk * MAX_CONVERSION_GROWTH + 1];
  while (length > 0) {
    const int done = pg_do_encoding_conversion_buf(procedure, from, to, Bytes(text), Min(length, kChunk),
                                                   Bytes(converted), sizeof converted, true);
    appendStringInfoString(result, converted);
    const int skipped = done > 0 ? 0 : LengthOfBad(from, text, length);
    if (skipped > 0) appendStringInfoChar(result, kReplacement);
    text += done + skipped;
    length -= done + skipped;
  }
}

// False: the bytes are right as they are.
bool Translate(StringInfo result, const char* text, int length, int from, int to) {
  if (length == 0 || from == to) return false;
  const bool cleaned = from == PG_SQL_ASCII || to == PG_SQL_ASCII;
  if (cleaned && pg_verify_mbstr(PG_UTF8, text, length, true)) return false;
  initStringInfo(result);
  if (cleaned)
    Clean(result, text, length);
  else
    Convert(result, text, length, from, to);
  return true;
}

}  // namespace

std::string_view Utf8(Datum value) {
  const text* stored = DatumGetTextPP(value);
  const char* bytes = VARDATA_ANY(stored);
  const int length = VARSIZE_ANY_EXHDR(stored);
  StringInfoData result;
  if (!Translate(&result, bytes, length, GetDatabaseEncoding(), PG_UTF8)) return {bytes, static_cast<size_t>(length)};
  return {result.data, static_cast<size_t>(result.len)};
}

Datum ServerText(std::string_view utf8) {
  const int length = static_cast<int>(utf8.size());
  StringInfoData result;
  if (!Translate(&result, utf8.data(), length, PG_UTF8, GetDatabaseEncoding()))
    return PointerGetDatum(cstring_to_text_with_len(utf8.data(), length));
  return PointerGetDatum(cstring_to_text_with_len(result.data, result.len));
}

}  // namespace threefactor::pg
