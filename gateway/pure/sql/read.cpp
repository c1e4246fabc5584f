#include <algorithm>
#include <array>
#include <string_view>

#include "sql/qualified.hpp"
#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

using plan::Output;

// Types whose values threefactor_json writes as to_json does, by their names in SQL.
constexpr std::array kKnownTypes = std::to_array<std::string_view>(
    {"text", "character varying", "character", "bpchar", "uuid", "date", "timestamp without time zone",
     "timestamp with time zone", "numeric", "real", "double precision"});

bool IsKnown(const schema::Column& column) {
  return !column.is_array && std::find(kKnownTypes.begin(), kKnownTypes.end(), column.sql_type) != kKnownTypes.end();
}

// `sql`: text that is JSON, or NULL.
JsonValue TextOf(const Context& context, const std::string& sql, bool not_null) {
  if (not_null || context.shape() == JsonShape::kFunctions) return {sql, true};
  return {"coalesce(" + sql + ",'null')", true};
}

// `sql`: a value of a type that threefactor_json knows, and whose text is JSON.
JsonValue VerbatimOf(const Context& context, const std::string& sql, bool not_null) {
  if (context.shape() == JsonShape::kFunctions) return {sql, false};
  return TextOf(context, Cast(sql, "text"), not_null);
}

JsonValue RenderValue(Context& context, const Output& member, const std::string& value) {
  if (!member.json_path) return ValueOf(context, *member.column, value);
  return VerbatimOf(context, '(' + value + Operator("#>") + context.Parameter(member.json_path, "text[]") + ')', false);
}

}  // namespace

JsonValue CountOf(const Context& context, const std::string& sql) {
  return VerbatimOf(context, sql, true);
}

JsonValue ToJson(const Context& context, const std::string& sql, bool not_null) {
  return VerbatimOf(context, Call("to_json", sql), not_null);
}

// A column may have got another type, or nulls, since the catalog was read: a concatenation, which does not look at
// what it is made of, must not become something else than JSON for it. COALESCE with a null of the known type, which
// planning takes away again, is an error of types then (a cast would rather convert), and heals like others.
JsonValue ValueOf(const Context& context, const schema::Column& column, const std::string& sql) {
  switch (column.json_form) {
    case schema::JsonForm::kVerbatim:
      if (context.shape() == JsonShape::kFunctions) return {sql, false};
      return VerbatimOf(context, "coalesce(" + sql + ", " + Cast("NULL", column.sql_type) + ')', false);
    case schema::JsonForm::kText:
      if (context.shape() == JsonShape::kFunctions) return {Cast(sql, "text"), false};
      return ToJson(context, Cast(sql, "text"), false);
    case schema::JsonForm::kGeoJson:  // 15 digits, with the reference system in full unless it is that of GeoJSON
      return TextOf(context, column.extension_schema + "st_asgeojson(" + Typed(sql, column) + ", 15, 4)", false);
    case schema::JsonForm::kToJson:
      break;
  }
  if (context.shape() == JsonShape::kFunctions && IsKnown(column)) return {sql, false};
  return ToJson(context, sql, false);
}

Json RenderObject(Context& context, const std::vector<Output>& members, Row& row) {
  Json json(context.shape());
  json.BeginObject();
  for (const Output& member : members) {
    json.AddKey(member.key);
    switch (member.kind) {
      case Output::Kind::kConstant:
        json.AddText(member.constant);
        break;
      case Output::Kind::kColumn:
        json.AddValue(RenderValue(context, member, row.Use(*member.column)));
        break;
      case Output::Kind::kComputed:
        json.AddValue(RenderValue(context, member, RenderCall(context, member.call, row.UseWhole())));
        break;
      case Output::Kind::kObject:
        json.AddValue(TextOf(context, '(' + RenderRead(context, member, &row) + ')', false));
        break;
      case Output::Kind::kArray:
      case Output::Kind::kAggregate:
        json.AddValue(TextOf(context, '(' + RenderRead(context, member, &row) + ')', true));
        break;
    }
  }
  json.EndObject();
  return json;
}

std::string RenderRead(Context& context, const Output& output, Row* outer) {
  const bool is_plain = IsPlain(output.rows);
  Row row(context.Alias(), is_plain);
  std::string value;
  if (output.kind == Output::Kind::kAggregate) {
    value = RenderAggregates(context, output.aggregates, !output.rows.order_by.empty(), row);
  } else {
    Json object = RenderObject(context, output.members, row);
    value = output.kind == Output::Kind::kArray ? object.TakeList().sql : object.Take();
  }
  if (outer == nullptr) value = context.Answer(value);
  Source source{is_plain ? row.alias() : context.Alias(), "", ""};
  if (outer != nullptr && output.join.relationship != nullptr) {
    for (const auto& [from, to] : output.join.relationship->columns) {
      outer->Use(output.join.from->columns[static_cast<std::size_t>(from)]);
    }
    source.join_condition = RenderEqualities(output.join, source.inner, outer->alias());
  } else if (outer != nullptr) {
    source.outer_row = outer->UseWhole();
  }
  // Without an aggregate, HAVING makes all rows one group, even if there are none; they are not read for it.
  const bool is_constant = output.kind == Output::Kind::kAggregate && !IsOfRows(output.aggregates);
  return "SELECT " + value + RenderFrom(context, output.rows, row, source) + (is_constant ? " HAVING true" : "");
}

}  // namespace threefactor::sql
