#include "capture/session.hpp"

extern "C" {
#include <common/jsonapi.h>
#include <mb/pg_wchar.h>
#include <utils/guc_tables.h>
}

namespace threefactor::capture {

namespace {

constexpr size_t kMaxLength = 64 * 1024;
constexpr int kMaxDepth = 64;  // deeper than anyone needs, far from the parser's stack limit

bool IsTooDeep(const char* value) {
  int depth = 0;
  for (; *value; value++) {
    if ((*value == '{' || *value == '[') && ++depth > kMaxDepth) return true;
    if (*value == '}' || *value == ']') depth--;
  }
  return false;
}

// Brackets inside strings count too: that only makes the check of depth stricter.
bool IsJson(const char* value, size_t length) {
  if (length > kMaxLength || IsTooDeep(value)) return false;
  JsonLexContext* const lexer =
      makeJsonLexContextCstringLen(const_cast<char*>(value), static_cast<int>(length), GetDatabaseEncoding(), false);
  return pg_parse_json(lexer, &nullSemAction) == JSON_SUCCESS;
}

// The last value seen and the verdict on it: a session's settings rarely change. And where the setting is in the table
// of all settings, as long as that has so many: the search of GetConfigOption costs as much as rendering a row.
struct Seen {
  char* value = nullptr;  // in TopMemoryContext
  bool json = false;
  int place = 0;
  int setting_count = 0;
};

const char* ValueOf(const char* name, Seen& seen) {
  config_generic** const all = get_guc_variables();
  const int count = GetNumConfigOptions();
  const auto is_here = [&] {
    return seen.place < count && pg_strcasecmp(all[seen.place]->name, name) == 0 &&
           all[seen.place]->vartype == PGC_STRING;
  };
  if (seen.setting_count != count || (seen.place < count && !is_here())) {
    seen.setting_count = count;
    for (seen.place = 0; seen.place < count && !is_here();) seen.place++;
  }
  return seen.place < count ? *reinterpret_cast<config_string*>(all[seen.place])->variable : nullptr;
}

text* Read(const char* name, Seen& seen) {
  const char* const value = ValueOf(name, seen);
  if (!value || !*value) return nullptr;
  const size_t length = strlen(value);
  if (!seen.value || strcmp(seen.value, value) != 0) {
    const bool json = IsJson(value, length);
    char* const copy = MemoryContextStrdup(TopMemoryContext, value);
    if (seen.value) pfree(seen.value);
    seen.value = copy;  // its place stays known
    seen.json = json;
  }
  return seen.json ? cstring_to_text_with_len(value, static_cast<int>(length)) : nullptr;
}

}  // namespace

text* SessionVariables() {
  static Seen seen;
  return Read("hasura.user", seen);
}

text* TraceContext() {
  static Seen seen;
  return Read("hasura.tracecontext", seen);
}

}  // namespace threefactor::capture
