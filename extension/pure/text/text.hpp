// Text that leaves the worker: JSON strings, UUIDs, times, and what a handler answered made fit for a text column.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "event/idempotency_key.hpp"

namespace threefactor {

// Appends `text` as a JSON string with its quotes, escaped as Postgres does.
void AppendJsonString(std::string& json, std::string_view text);

std::string UuidText(const UuidBytes& uuid);
// Throws std::invalid_argument.
UuidBytes ParseUuid(std::string_view text);

// 2026-01-31T23:59:59.000001Z; `time` in microseconds since 2000-01-01 00:00 UTC.
std::string TimeText(std::int64_t time);

// At most `limit` bytes of `bytes` as valid UTF-8 without NUL: what is not valid becomes '?', a character cut by the
// limit is left out. `ascii_only`: so does every other character outside ASCII (a database in another encoding keeps
// it).
std::string ReadableText(std::string_view bytes, std::size_t limit, bool ascii_only);

// What of an error may be seen by those who may not see rows: its kind. Every error of a delivery is written "kind:
// detail", the kind without any value; that of a failed statement has its SQLSTATE and condition.
// threefactor_private.public_error in SQL.
std::string_view PublicError(std::string_view error);

}  // namespace threefactor
