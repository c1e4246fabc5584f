#include "outbox/session.hpp"

namespace threefactor::outbox {

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
  return pg_parse_json(pg::MakeJsonLexer(value, length), &nullSemAction) == JSON_SUCCESS;
}

// The last value seen and the verdict on it: a session's settings rarely change.
struct Seen {
  pg::StringSetting setting;
  char* value = nullptr;  // in TopMemoryContext
  bool json = false;
};

text* Read(Seen& seen) {
  const char* const value = seen.setting.Value();
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
  static Seen seen{pg::StringSetting("hasura.user")};
  return Read(seen);
}

text* TraceContext() {
  static Seen seen{pg::StringSetting("hasura.tracecontext")};
  return Read(seen);
}

}  // namespace threefactor::outbox
