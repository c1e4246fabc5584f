// Fields that read: rows, their members, and aggregates over them (gateway/dialect/queries.md).
#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "plan/json_path.hpp"
#include "plan/planner.hpp"
#include "plan/value.hpp"

namespace threefactor::plan {

namespace {

using schema::FieldKind;
using validation::Selection;
using validation::Value;

// Null is as good as absent.
const Value* Argument(const Selection& field, std::string_view name) {
  const Value* value = field.FindArgument(name);
  return value == nullptr || value->IsNull() ? nullptr : value;
}

std::vector<const schema::Column*> ListedColumns(const Value* list) {
  std::vector<const schema::Column*> columns;
  if (list == nullptr) return columns;
  if (list->kind == Value::Kind::kEnum) columns.push_back(list->enum_value->column);
  for (const Value& item : list->items) columns.push_back(item.enum_value->column);
  return columns;
}

// A column that is named twice counts once.
std::vector<const schema::Column*> DistinctColumns(const Value* list) {
  std::vector<const schema::Column*> columns;
  for (const schema::Column* column : ListedColumns(list))
    if (std::find(columns.begin(), columns.end(), column) == columns.end()) columns.push_back(column);
  return columns;
}

// Postgres wants the columns of DISTINCT ON to come first in ORDER BY, in any order among themselves.
void CheckDistinct(const Rows& rows, const Selection& field) {
  const std::size_t shared = std::min(rows.distinct_on.size(), rows.order_by.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const Order& order = rows.order_by[i];
    const bool is_distinct = order.path.empty() && std::find(rows.distinct_on.begin(), rows.distinct_on.end(),
                                                             order.operand.column) != rows.distinct_on.end();
    if (!is_distinct) {
      throw Error(code::kValidationFailed, "\"distinct_on\" columns must match initial \"order_by\" columns",
                  field.path + ".args");
    }
  }
}

std::vector<AggregateOutput> PlanFunction(const Selection& group) {
  std::vector<AggregateOutput> outputs;
  for (const Selection& field : group.selections) {
    AggregateOutput output;
    output.key = field.response_key;
    if (field.field->kind == FieldKind::kTypename) {
      output.constant = TypenameOf(field);
    } else {
      output.kind = AggregateOutput::Kind::kFunction;
      output.function = field.field->aggregate_operator;
      output.columns.push_back(field.field->column);
    }
    outputs.push_back(std::move(output));
  }
  return outputs;
}

std::vector<AggregateOutput> PlanAggregateFields(const Selection& aggregate) {
  std::vector<AggregateOutput> outputs;
  for (const Selection& field : aggregate.selections) {
    AggregateOutput output;
    output.key = field.response_key;
    switch (field.field->kind) {
      case FieldKind::kTypename:
        output.constant = TypenameOf(field);
        break;
      case FieldKind::kCount: {
        output.kind = AggregateOutput::Kind::kCount;
        output.columns = ListedColumns(Argument(field, "columns"));
        const Value* distinct = Argument(field, "distinct");
        output.is_distinct = distinct != nullptr && distinct->IsTrue();
        break;
      }
      case FieldKind::kAggregateOperator:
        output.kind = AggregateOutput::Kind::kGroup;
        output.parts = PlanFunction(field);
        break;
      default:
        throw Error(code::kUnexpected, "no aggregate: " + field.field->name, field.path);
    }
    outputs.push_back(std::move(output));
  }
  return outputs;
}

std::vector<AggregateOutput> PlanAggregate(const Selection& object, const schema::Table& table,
                                           const schema::Catalog& catalog) {
  std::vector<AggregateOutput> outputs;
  for (const Selection& field : object.selections) {
    AggregateOutput output;
    output.key = field.response_key;
    switch (field.field->kind) {
      case FieldKind::kTypename:
        output.constant = TypenameOf(field);
        break;
      case FieldKind::kAggregate:
        output.kind = AggregateOutput::Kind::kGroup;
        output.parts = PlanAggregateFields(field);
        break;
      case FieldKind::kNodes:
        output.kind = AggregateOutput::Kind::kNodes;
        output.nodes = PlanMembers(field, table, catalog);
        break;
      default:
        throw Error(code::kUnexpected, "no part of an aggregate: " + field.field->name, field.path);
    }
    outputs.push_back(std::move(output));
  }
  return outputs;
}

std::optional<std::int32_t> Limit(const Selection& field) {
  const Value* limit = Argument(field, "limit");
  if (limit == nullptr) return std::nullopt;
  std::int32_t number = 0;  // validation has seen that it is one
  std::from_chars(limit->text.data(), limit->text.data() + limit->text.size(), number);
  return number;
}

std::optional<std::int32_t> Smaller(std::optional<std::int32_t> limit, std::optional<std::int32_t> other) {
  if (!limit || !other) return limit ? limit : other;
  return std::min(*limit, *other);
}

bool IsOfNodes(const AggregateOutput& output) {
  return output.kind == AggregateOutput::Kind::kNodes;
}

// The role's limit caps nodes; aggregates are over all rows that it may read.
void CapNodes(Output& output, const std::optional<std::int32_t>& most) {
  const bool has_others =
      std::any_of(output.aggregates.begin(), output.aggregates.end(),
                  [](const AggregateOutput& each) { return each.kind == AggregateOutput::Kind::kGroup; });
  if (!has_others && std::any_of(output.aggregates.begin(), output.aggregates.end(), IsOfNodes)) {
    output.rows.limit = Smaller(output.rows.limit, most);
  } else if (most && (!output.rows.limit || *output.rows.limit > *most)) {
    for (AggregateOutput& each : output.aggregates)
      if (IsOfNodes(each)) each.limit = most;
  }
}

Text JsonPath(const Selection& field) {
  const Value* path = Argument(field, "path");
  if (path == nullptr) return std::nullopt;
  const std::vector<std::string> keys = ParseJsonPath(*TextNotNull(*path, "String"), field.path + ".args");
  if (keys.empty()) return std::nullopt;
  return ArrayLiteral(std::vector<Text>(keys.begin(), keys.end()));
}

}  // namespace

Rows PlanRows(const Selection& field, const schema::Table& table, const schema::Catalog& catalog) {
  Rows rows;
  rows.table = &table;
  if (field.field->function != nullptr) rows.call = PlanCall(field);
  if (const Value* where = Argument(field, "where")) rows.where = PlanWhere(*where, table, catalog);
  if (const Value* order = Argument(field, "order_by")) rows.order_by = PlanOrder(*order, table, catalog);
  rows.limit = Limit(field);
  if (const Value* offset = Argument(field, "offset")) rows.offset = TextOf(*offset);
  rows.distinct_on = DistinctColumns(Argument(field, "distinct_on"));
  CheckDistinct(rows, field);
  return rows;
}

std::vector<Output> PlanMembers(const Selection& object, const schema::Table& table, const schema::Catalog& catalog) {
  std::vector<Output> members;
  for (const Selection& field : object.selections) {
    Output member;
    if (field.field->kind == FieldKind::kTypename) {
      member.constant = TypenameOf(field);
    } else if (field.field->kind == FieldKind::kColumn) {
      member.kind = Output::Kind::kColumn;
      member.column = field.field->column;
      member.json_path = JsonPath(field);
    } else if (field.field->kind == FieldKind::kComputedValue) {
      member.kind = Output::Kind::kComputed;
      member.column = field.field->column;
      member.call = PlanCall(field);
      member.json_path = JsonPath(field);
    } else if (field.field->function != nullptr) {
      member = PlanRead(field, *field.field->table, catalog);
    } else {
      const Join join = JoinOf(table, *field.field->relationship, catalog);
      member = PlanRead(field, *join.to, catalog);
      member.join = join;
    }
    member.key = field.response_key;
    members.push_back(std::move(member));
  }
  return members;
}

Output PlanRead(const Selection& field, const schema::Table& table, const schema::Catalog& catalog) {
  Output output;
  output.key = field.response_key;
  switch (field.field->kind) {
    case FieldKind::kSelectByPk:
      output.kind = Output::Kind::kObject;
      output.rows.table = &table;
      output.rows.where = PlanKey(field.arguments);
      output.members = PlanMembers(field, table, catalog);
      break;
    case FieldKind::kObjectRelationship:
      output.kind = Output::Kind::kObject;
      output.rows.table = &table;
      output.members = PlanMembers(field, table, catalog);
      break;
    case FieldKind::kSelectRow:
    case FieldKind::kComputedRow:
      output.kind = Output::Kind::kObject;
      output.rows = PlanRows(field, table, catalog);
      output.members = PlanMembers(field, table, catalog);
      break;
    case FieldKind::kSelect:
    case FieldKind::kComputedRows:
    case FieldKind::kArrayRelationship:
      output.kind = Output::Kind::kArray;
      output.rows = PlanRows(field, table, catalog);
      output.rows.limit = Smaller(output.rows.limit, table.row_limit);
      output.members = PlanMembers(field, table, catalog);
      break;
    case FieldKind::kSelectAggregate:
    case FieldKind::kArrayRelationshipAggregate:
      output.kind = Output::Kind::kAggregate;
      output.rows = PlanRows(field, table, catalog);
      output.aggregates = PlanAggregate(field, table, catalog);
      CapNodes(output, table.row_limit);
      break;
    default:
      throw Error(code::kUnexpected, "no read: " + field.field->name, field.path);
  }
  return output;
}

}  // namespace threefactor::plan
