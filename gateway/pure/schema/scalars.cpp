#include "schema/scalars.hpp"

#include <algorithm>
#include <array>

#include "base/characters.hpp"
#include "schema/names.hpp"

namespace threefactor::schema {

namespace {

struct Known {
  std::string_view type;
  std::string_view scalar;
  bool is_verbatim = false;
  bool is_numeric = false;
  bool is_comparable = false;
  bool is_text = false;
};

// Types of pg_catalog (and citext) that the dialect knows by name. Every other type is a scalar named after itself.
constexpr std::array kKnown = std::to_array<Known>({
    // type, scalar, verbatim, numeric, comparable, text
    {"int4", "Int", true, true, true, false},
    {"int2", "smallint", true, true, true, false},
    {"int8", "bigint", true, true, true, false},
    {"float4", "Float", false, true, true, false},
    {"float8", "float8", false, true, true, false},
    {"numeric", "numeric", false, true, true, false},
    {"money", "money", false, true, true, false},
    {"bool", "Boolean", true, false, false, false},
    {"text", "String", false, false, true, true},
    {"varchar", "String", false, false, true, true},
    {"bpchar", "bpchar", false, false, true, true},
    {"citext", "citext", false, false, true, true},
    {"uuid", "uuid", false, false, true, false},
    {"date", "date", false, false, true, false},
    {"timestamp", "timestamp", false, false, true, false},
    {"timestamptz", "timestamptz", false, false, true, false},
    {"timetz", "timetz", false, false, true, false},
    {"json", "json", true, false, false, false},
    {"jsonb", "jsonb", true, false, false, false},
});

// Type names may hold any character; GraphQL names may not.
std::string ScalarName(const DatabaseType& type) {
  std::string name(type.name);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !IsNameContinue(c); }, '_');
  if (type.kind == 'c') name += "_scalar";  // a table's row type would else clash with the table
  if (!IsPublicName(name)) name.insert(0, "type_");
  return name;
}

// As it stands before the type's name, with the point.
std::string SchemaOf(const std::string& sql_type) {
  return sql_type.substr(0, sql_type.rfind('.') + 1);
}

// Types of PostGIS by their names: which schema it is installed in is up to whoever did.
void DescribeSpatial(const DatabaseType& type, Column& column) {
  if (type.kind != 'b') return;
  if (type.name == "geometry") column.spatial = Spatial::kGeometry;
  if (type.name == "geography") column.spatial = Spatial::kGeography;
  if (type.name == "raster") column.spatial = Spatial::kRaster;
  if (column.spatial == Spatial::kNone) return;
  column.extension_schema = SchemaOf(column.sql_type);
  if (column.spatial == Spatial::kRaster) return;
  if (!column.is_array) column.json_form = JsonForm::kGeoJson;
  if (column.spatial == Spatial::kGeography) {  // only geometry reads GeoJSON
    column.sql_type.insert(0, column.extension_schema + (column.is_array ? "geometry[]::" : "geometry::"));
  }
}

}  // namespace

void AnswerAsText(Column& column) {
  constexpr std::array<std::string_view, 3> kLong = {"bigint", "numeric", "float8"};
  if (!column.is_array && std::find(kLong.begin(), kLong.end(), column.scalar) != kLong.end()) {
    column.json_form = JsonForm::kText;
  }
}

void DescribeType(const DatabaseType& type, Column& column) {
  const bool is_builtin = type.schema == "pg_catalog" || type.name == "citext";
  const auto* known = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& k) { return k.type == type.name; });
  if (!is_builtin || known == kKnown.end()) {
    column.scalar = ScalarName(type);
    column.is_ltree = !column.is_array && type.name == "ltree";
    if (column.is_ltree) column.extension_schema = SchemaOf(column.sql_type);
    column.is_comparable = !column.is_array && type.kind == 'e';
    DescribeSpatial(type, column);
    return;
  }
  column.scalar = known->scalar;
  if (column.is_array) return;  // what follows is of single values; an array's JSON is to_json's
  column.json_form = known->is_verbatim ? JsonForm::kVerbatim : JsonForm::kToJson;
  column.is_numeric = known->is_numeric;
  column.is_comparable = known->is_comparable;
  column.is_text = known->is_text;
  column.is_jsonb = type.name == "jsonb";
  column.is_json = column.is_jsonb || type.name == "json";
}

}  // namespace threefactor::schema
