// How rows of one table become JSON: worked out once per table, then applied to each row. Postgres-side.
//
// The text equals row_to_json's, with one decision of our own: it does not depend on the settings of the session that
// writes. Dates are ISO, timestamps with time zone are in UTC (+00:00), intervals, floats and bytea in Postgres's
// default style, names of catalog objects schema-qualified and quoted where they must be, money in the locale that the
// session began with. (row_to_json uses the session's TimeZone, so one handler would get the same instant in as many
// spellings as there are writers.)
#pragma once

#include "json/json_text.hpp"

namespace threefactor::capture {

// The rule by which a type becomes JSON: json.c's categories, and those of them worth a path of their own.
enum class Rendering : uint8 {
  kBoolean,
  kInteger2,
  kInteger4,
  kInteger8,
  kNumber,  // through its output function; quoted when that is no JSON number (NaN, Infinity)
  kDate,
  kTimestamp,
  kTimestampWithZone,
  kText,        // the bytes of the value
  kJson,        // likewise, verbatim
  kOutput,      // the text of its output function, quoted
  kOutputJson,  // likewise, verbatim (jsonb)
  kGeoJson,     // PostGIS: ST_AsGeoJSON, with the system of reference, as the gateway answers them
  kToJson       // arrays, composites, types with a cast to json: the function to_json
};

struct ColumnRendering {
  Rendering rendering;
  bool dropped;
  bool varlena;  // its size is known before it is fetched
  Oid type;
  const char* key;  // ,"name":  escaped
  int key_length;
  FmgrInfo function;  // output function or to_json
  Oid owner;          // of the function, where it runs with its rights: writers need none of their own
};

struct TableRendering {
  int column_count;
  bool depends_on_settings;  // a column's text may depend on settings of the session
  bool depends_on_names;     // or on its search_path
  bool depends_on_money;     // or on its lc_monetary
  ColumnRendering columns[FLEXIBLE_ARRAY_MEMBER];
};

// In the current memory context, which must live as long as the result is used.
TableRendering* DescribeTable(TupleDesc descriptor);

// Appends the row as a JSON object: the columns that are in both sets (numbers from 1; null: all columns). Gives the
// size of the members, without the commas between them, that are also in `counted` (null: none).
uint64 RenderRow(json::JsonText& json, TableRendering& table, TupleTableSlot* row, const Bitmapset* chosen,
                 const Bitmapset* among, const Bitmapset* counted);

// Pins the settings that rendering depends on, where they differ; gives what to pass to UnpinSettings (0: nothing).
int PinSettings(const TableRendering& table);
void UnpinSettings(int level);

}  // namespace threefactor::capture
