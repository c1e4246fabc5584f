// Boolean expressions (gateway/dialect/filters.md) to conditions. All keys of one object are ANDed.
#include <algorithm>

#include "base/error.hpp"
#include "plan/operators.hpp"
#include "plan/planner.hpp"
#include "plan/value.hpp"

namespace threefactor::plan {

namespace {

using schema::InputKind;
using validation::Entry;
using validation::Value;

Operand ColumnOperand(const schema::Column& column) {
  Operand operand;
  operand.column = &column;
  return operand;
}

Condition Compare(const Operand& operand, const Operator& comparison, Text value) {
  Condition condition;
  condition.kind = Condition::Kind::kCompare;
  condition.operand = operand;
  condition.comparison = &comparison;
  condition.value = std::move(value);
  return condition;
}

Condition Negate(Condition part) {
  Condition condition;
  condition.kind = Condition::Kind::kNot;
  condition.parts.push_back(std::move(part));
  return condition;
}

// ANY compares with the elements of an array, however deep: so a list of arrays is written out.
Condition InArrays(const Operand& operand, const Value& list, bool is_negated) {
  Condition any;
  any.kind = Condition::Kind::kOr;
  for (const Value& item : list.items) {
    any.parts.push_back(Compare(operand, *FindOperator("_eq"), TextNotNull(item, "[" + operand.column->scalar + "!]")));
  }
  return is_negated ? Negate(std::move(any)) : any;
}

Condition PlanOperator(const Entry& entry, const Operand& operand);

Condition PlanOperators(const Value& value, const Operand& operand) {
  Condition all;
  for (const Entry& entry : value.entries) all.parts.push_back(PlanOperator(entry, operand));
  return all;
}

bool IsGeography(const Operand& operand) {
  return operand.cast.empty() ? operand.column->spatial == schema::Spatial::kGeography : operand.cast == "geography";
}

// A list of these cannot be cast element by element.
bool IsListedApart(const Operand& operand) {
  return IsGeography(operand) || (operand.cast.empty() && operand.column->is_array);
}

// The members of an object in the order in which the function takes them. What may be left out and has a default there
// is said: without it the call could be taken for one of another function with fewer arguments.
std::vector<std::pair<Text, std::string_view>> Arguments(const Value& object, const Operator& comparison,
                                                         bool is_geography) {
  std::vector<std::pair<Text, std::string_view>> arguments;
  for (const Operator::Member& member : comparison.members) {
    const auto given = std::find_if(object.entries.begin(), object.entries.end(),
                                    [&](const Entry& entry) { return entry.field->name == member.name; });
    if (given != object.entries.end()) {
      arguments.emplace_back(TextNotNull(given->value, member.type), member.type);
    } else if (member.name == "nband") {
      arguments.emplace_back(std::nullopt, member.type);  // all bands
    } else if (member.name == "use_spheroid" && is_geography) {
      arguments.emplace_back("true", member.type);
    }
  }
  return arguments;
}

Condition PlanOperator(const Entry& entry, const Operand& operand) {
  const schema::Column& column = *operand.column;
  const std::string& name = entry.field->name;
  const std::string type = entry.field->type.named == nullptr ? column.scalar : entry.field->type.named->name;
  if (entry.value.IsNull()) TextNotNull(entry.value, type);  // null would make the condition disappear
  if (name == "_is_null") {
    Condition condition;
    condition.kind = entry.value.IsTrue() ? Condition::Kind::kIsNull : Condition::Kind::kIsNotNull;
    condition.operand = operand;
    return condition;
  }
  if (name == "_cast") {
    Condition all;
    for (const Entry& cast : entry.value.entries) {
      Operand as = operand;
      as.cast = cast.field->name == "String" ? std::string_view("text") : std::string_view(cast.field->name);
      all.parts.push_back(PlanOperators(cast.value, as));
    }
    return all;
  }
  const Operator* comparison = FindOperator(name);
  if (comparison == nullptr) throw Error(code::kNotSupported, "operator " + name, entry.value.path);
  if (comparison->operand == "[]" && IsListedApart(operand)) {
    return InArrays(operand, entry.value, comparison->is_negated);
  }
  if (!comparison->members.empty()) {
    Condition condition = Compare(operand, *comparison, std::nullopt);
    condition.arguments = Arguments(entry.value, *comparison, IsGeography(operand));
    return condition;
  }
  return Compare(operand, *comparison, TextNotNull(entry.value, type));
}

Condition PlanList(const Value& value, Condition::Kind kind, const schema::Table& table,
                   const schema::Catalog& catalog) {
  Condition condition;
  condition.kind = kind;
  for (const Value& item : value.items) condition.parts.push_back(PlanWhere(item, table, catalog));
  return condition;
}

// count is of no column.
const schema::Column& CountColumn() {
  static const schema::Column kColumn = [] {
    schema::Column made;
    made.scalar = "Int";
    made.sql_type = "bigint";
    return made;
  }();
  return kColumn;
}

// {"arguments": a | [a] | {"X": a, "Y": b}}: the columns in the order of the function's arguments.
void AddColumns(const Value& value, std::vector<const schema::Column*>& columns) {
  if (value.kind == Value::Kind::kEnum) columns.push_back(value.enum_value->column);
  for (const Value& item : value.items) AddColumns(item, columns);
  for (const char* name : {"X", "Y"}) {
    for (const Entry& entry : value.entries) {
      if (entry.field->name == name) AddColumns(entry.value, columns);
    }
  }
}

// {"count": {"predicate": {"_gt": 1}, "filter": ...}}
Condition PlanAggregate(const Value& value, Join join, const schema::Catalog& catalog) {
  if (value.entries.size() != 1) {
    throw Error(code::kValidationFailed, "exactly one predicate should be specified", value.path);
  }
  const Entry& aggregate = value.entries.front();
  Operand operand;
  operand.aggregate = aggregate.field->name;
  Condition filter;
  const Value* predicate = nullptr;
  for (const Entry& entry : aggregate.value.entries) {
    if (entry.field->name == "arguments") AddColumns(entry.value, operand.columns);
    if (entry.field->name == "distinct") operand.is_distinct = entry.value.IsTrue();
    if (entry.field->name == "filter") filter = PlanWhere(entry.value, *join.to, catalog);
    if (entry.field->name == "predicate") predicate = &entry.value;
  }
  operand.column = operand.aggregate == "count" ? &CountColumn() : operand.columns.front();
  Condition condition;
  condition.kind = Condition::Kind::kAggregate;
  condition.join = std::move(join);
  condition.parts.push_back(std::move(filter));
  condition.parts.push_back(PlanOperators(*predicate, operand));
  return condition;
}

Condition PlanEntry(const Entry& entry, const schema::Table& table, const schema::Catalog& catalog) {
  switch (entry.field->kind) {
    case InputKind::kAnd:
      return PlanList(entry.value, Condition::Kind::kAnd, table, catalog);
    case InputKind::kOr:
      return PlanList(entry.value, Condition::Kind::kOr, table, catalog);
    case InputKind::kNot:
      return Negate(PlanWhere(entry.value, table, catalog));
    case InputKind::kCompareColumn: {
      Operand operand = ColumnOperand(*entry.field->column);
      if (entry.field->computed != nullptr) operand.call = PlanCall(*entry.field->computed);
      return PlanOperators(entry.value, operand);
    }
    case InputKind::kCompareAggregate:
      return PlanAggregate(entry.value, JoinOf(table, *entry.field, catalog), catalog);
    case InputKind::kCompareRows: {
      Condition condition;
      condition.kind = Condition::Kind::kExists;
      condition.join = JoinOf(table, *entry.field, catalog);
      condition.parts.push_back(PlanWhere(entry.value, *condition.join.to, catalog));
      return condition;
    }
    default:
      throw Error(code::kUnexpected, "no condition: " + entry.field->name, entry.value.path);
  }
}

}  // namespace

Join JoinOf(const schema::Table& from, const schema::Relationship& relationship, const schema::Catalog& catalog) {
  return {&from, &catalog.tables[static_cast<std::size_t>(relationship.target)], &relationship, {}};
}

Join JoinOf(const schema::Table& from, const schema::InputField& field, const schema::Catalog& catalog) {
  if (field.computed == nullptr) return JoinOf(from, *field.relationship, catalog);
  return {&from, field.table, nullptr, PlanCall(*field.computed)};
}

Condition PlanWhere(const Value& value, const schema::Table& table, const schema::Catalog& catalog) {
  Condition all;
  for (const Entry& entry : value.entries) {
    // Nothing that restricts may vanish: a null here is an error wherever it comes from.
    if (entry.value.IsNull()) TextNotNull(entry.value, entry.field->type.named ? entry.field->type.named->name : "");
    all.parts.push_back(PlanEntry(entry, table, catalog));
  }
  return all;
}

Condition PlanKey(const std::vector<Entry>& entries) {
  Condition all;
  for (const Entry& entry : entries) {
    if (entry.field->kind != InputKind::kSetColumn) continue;
    const schema::Column& column = *entry.field->column;
    all.parts.push_back(Compare(ColumnOperand(column), *FindOperator("_eq"), TextNotNull(entry.value, column.scalar)));
  }
  return all;
}

}  // namespace threefactor::plan
