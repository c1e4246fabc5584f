// What SQL calls: sql/json.sql. Postgres-side.
#include <new>

#include "json/template.hpp"

using threefactor::json::JsonText;

namespace {

constexpr int kLimit = MaxAllocSize - VARHDRSZ;

text* Finish(const JsonText& json) {
  if (json.size() > kLimit)
    ereport(ERROR, errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("the JSON text is larger than 1 GB"));
  return json.Finish(CurrentMemoryContext);
}

}  // namespace

THREEFACTOR_SQL_FUNCTION(threefactor_json_object);
Datum threefactor_json_object(PG_FUNCTION_ARGS) {
  JsonText json(kLimit);
  threefactor::json::Render(fcinfo, 0, json);
  PG_RETURN_TEXT_P(Finish(json));
}

// All rows are appended to one buffer in the aggregate's memory.
THREEFACTOR_SQL_FUNCTION(threefactor_json_append);
Datum threefactor_json_append(PG_FUNCTION_ARGS) {
  MemoryContext memory = nullptr;
  if (!AggCheckCallContext(fcinfo, &memory))
    ereport(ERROR, errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("this function is part of an aggregate"));
  JsonText* list = nullptr;
  if (PG_ARGISNULL(0)) {
    const MemoryContext before = MemoryContextSwitchTo(memory);
    list = new (palloc(sizeof(JsonText))) JsonText(kLimit);
    MemoryContextSwitchTo(before);
    list->Raw('[');
  } else {
    list = reinterpret_cast<JsonText*>(PG_GETARG_POINTER(0));
    list->Raw(',');
  }
  threefactor::json::Render(fcinfo, 1, *list);
  PG_RETURN_POINTER(list);
}

THREEFACTOR_SQL_FUNCTION(threefactor_json_list);
Datum threefactor_json_list(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0)) PG_RETURN_TEXT_P(cstring_to_text("[]"));
  auto* list = reinterpret_cast<JsonText*>(PG_GETARG_POINTER(0));
  list->Raw(']');
  PG_RETURN_TEXT_P(Finish(*list));
}
