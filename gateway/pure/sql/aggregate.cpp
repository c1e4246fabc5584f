#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "sql/qualified.hpp"
#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

using plan::AggregateOutput;

constexpr std::array kFunctions =
    std::to_array<std::string_view>({"avg", "bool_and", "bool_or", "corr", "covar_samp", "max", "min", "stddev",
                                     "stddev_pop", "stddev_samp", "sum", "var_pop", "var_samp", "variance"});

bool KeepsType(std::string_view function) {
  return function == "max" || function == "min" || function == "sum";
}

std::string RenderCount(const AggregateOutput& output, Row& row) {
  std::string columns;
  for (const schema::Column* column : output.columns) {
    if (!columns.empty()) columns += ", ";
    columns += row.Use(*column);
  }
  if (columns.empty()) return Call("count", "*");
  if (output.columns.size() > 1) columns = '(' + columns + ')';  // one row value
  return Call("count", (output.is_distinct ? "DISTINCT " : "") + columns);
}

JsonValue RenderValue(const Context& context, const AggregateOutput& output, Row& row) {
  const schema::Column& column = *output.columns.front();
  const std::string call = RenderFunction(output.function, column, {row.Use(column)}, false);
  // A sum of integers is of a larger type.
  const bool is_larger =
      column.json_form == schema::JsonForm::kVerbatim && context.shape() == JsonShape::kConcatenation;
  const bool keeps_type = KeepsType(output.function) && !is_larger;
  const bool is_text = column.json_form == schema::JsonForm::kText;  // where numbers are answered as strings
  return keeps_type || is_text ? ValueOf(context, column, call) : ToJson(context, call, false);
}

// Since PostgreSQL 16 an aggregate with DISTINCT may have the rows sorted for it, so that the others do not see them in
// the order of the subselect.
bool HasDistinct(const std::vector<AggregateOutput>& outputs) {
  return std::any_of(outputs.begin(), outputs.end(), [](const AggregateOutput& output) {
    return output.kind == AggregateOutput::Kind::kGroup ? HasDistinct(output.parts) : output.is_distinct;
  });
}

void AddOutputs(Context& context, const std::vector<AggregateOutput>& outputs, Row& row, bool sorts_nodes, Json& json) {
  json.BeginObject();
  for (const AggregateOutput& output : outputs) {
    json.AddKey(output.key);
    switch (output.kind) {
      case AggregateOutput::Kind::kConstant:
        json.AddText(output.constant);
        break;
      case AggregateOutput::Kind::kGroup:
        AddOutputs(context, output.parts, row, sorts_nodes, json);
        break;
      case AggregateOutput::Kind::kCount:
        json.AddValue(CountOf(context, RenderCount(output, row)));
        break;
      case AggregateOutput::Kind::kFunction:
        json.AddValue(RenderValue(context, output, row));
        break;
      case AggregateOutput::Kind::kNodes: {
        Json nodes = RenderObject(context, output.nodes, row);
        const std::string order = sorts_nodes ? row.UsePlace() : "";
        json.AddValue(output.limit ? nodes.TakeFirst(*output.limit, order) : nodes.TakeList(order));
        break;
      }
    }
  }
  json.EndObject();
}

}  // namespace

std::string RenderFunction(std::string_view function, const schema::Column& column,
                           const std::vector<std::string>& arguments, bool is_distinct) {
  if (std::find(kFunctions.begin(), kFunctions.end(), function) == kFunctions.end()) {
    throw Error(code::kNotSupported, "aggregate function " + std::string(function));
  }
  std::string list;
  for (const std::string& argument : arguments) list += (list.empty() ? "" : ", ") + Typed(argument, column);
  // There is no max(uuid); its text sorts the same.
  if (column.scalar == "uuid") list = Cast(std::move(list), "text") + " COLLATE pg_catalog.\"C\"";
  if (column.scalar == "money" && !KeepsType(function)) list = Cast(std::move(list), "numeric");  // nor avg(money)
  return AggregateName(function, column) + (is_distinct ? "(DISTINCT " : "(") + list + ')';
}

bool IsOfRows(const std::vector<AggregateOutput>& outputs) {
  return std::any_of(outputs.begin(), outputs.end(), [](const AggregateOutput& output) {
    return output.kind == AggregateOutput::Kind::kGroup ? IsOfRows(output.parts)
                                                        : output.kind != AggregateOutput::Kind::kConstant;
  });
}

std::string RenderAggregates(Context& context, const std::vector<AggregateOutput>& outputs, bool is_ordered, Row& row) {
  Json json(context.shape());
  AddOutputs(context, outputs, row, is_ordered && HasDistinct(outputs), json);
  return json.Take();
}

}  // namespace threefactor::sql
