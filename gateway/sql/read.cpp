#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

using plan::Output;

std::string OrNull(const std::string& sql) {
  return "coalesce(" + sql + ",'null')";
}

std::string RenderValue(Context& context, const Output& member, const std::string& value) {
  if (!member.json_path) return JsonOf(*member.column, value);
  return OrNull('(' + value + " #> " + context.Parameter(member.json_path, "text[]") + ")::text");
}

}  // namespace

std::string JsonOf(const schema::Column& column, const std::string& sql) {
  const std::string text = JsonText(column, sql);
  return column.not_null ? text : OrNull(text);
}

std::string JsonText(const schema::Column& column, const std::string& sql) {
  switch (column.json_form) {
    case schema::JsonForm::kVerbatim:
      return sql + "::text";
    case schema::JsonForm::kText:
      return "to_json(" + sql + "::text)::text";
    case schema::JsonForm::kGeoJson:  // 15 digits, with the reference system in full unless it is that of GeoJSON
      return column.extension_schema + "st_asgeojson(" + sql + ", 15, 4)";
    case schema::JsonForm::kToJson:
      break;
  }
  return "to_json(" + sql + ")::text";
}

std::string ListOf(const std::string& object) {
  return "'['||coalesce(string_agg(" + object + ",','),'')||']'";
}

std::string RenderObject(Context& context, const std::vector<Output>& members, Row& row) {
  Concatenation text;
  char separator = '{';
  for (const Output& member : members) {
    text.AddText({&separator, 1});
    separator = ',';
    text.AddKey(member.key);
    switch (member.kind) {
      case Output::Kind::kConstant:
        text.AddText(member.constant);
        break;
      case Output::Kind::kColumn:
        text.AddExpression(RenderValue(context, member, row.Use(*member.column)));
        break;
      case Output::Kind::kComputed:
        text.AddExpression(RenderValue(context, member, RenderCall(context, member.call, row.UseWhole())));
        break;
      case Output::Kind::kObject:
        text.AddExpression(OrNull('(' + RenderRead(context, member, &row) + ')'));
        break;
      case Output::Kind::kArray:
      case Output::Kind::kAggregate:
        text.AddExpression('(' + RenderRead(context, member, &row) + ')');
        break;
    }
  }
  text.AddText("}");
  return text.Take();
}

std::string RenderRead(Context& context, const Output& output, Row* outer) {
  const bool is_plain = IsPlain(output.rows);
  Row row(context.Alias(), is_plain);
  std::string value;
  if (output.kind == Output::Kind::kAggregate) {
    value = RenderAggregates(context, output.aggregates, row);
  } else {
    value = RenderObject(context, output.members, row);
    if (output.kind == Output::Kind::kArray) value = ListOf(value);
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
  return "SELECT " + value + RenderFrom(context, output.rows, row, source);
}

}  // namespace threefactor::sql
