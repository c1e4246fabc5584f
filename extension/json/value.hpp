// One value as JSON, byte for byte as to_json writes it, for the types that it pays to know; others are for the caller
// to hand to to_json. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

#include "json/json_text.hpp"

namespace threefactor::json {

struct Value {
  enum class Form : unsigned char { kInt2, kInt4, kInt8, kBool, kString, kRaw, kJsonb, kTime, kNumber, kOther };
  Form form;
  Oid type;         // not a domain
  FmgrInfo output;  // of kNumber and kOther; lives as long as the context that was current
};

// Raises for a type that it does not know.
Value ValueOf(Oid type);
Value RawOf(Oid type);  // text or json, appended as it is
void Append(Value& value, Datum datum, json::JsonText& out);

}  // namespace threefactor::json
