// Boolean expressions (dialect reference, section 5) to conditions. All keys of one object are ANDed.
#include "error.hpp"
#include "plan/operators.hpp"
#include "plan/planner.hpp"
#include "plan/value.hpp"

namespace threefactor::plan {

namespace {

using schema::InputKind;
using validation::Entry;
using validation::Value;

Condition Compare(const schema::Column& column, const Operator& comparison, Text value) {
  Condition condition;
  condition.kind = Condition::Kind::kCompare;
  condition.column = &column;
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
Condition InArrays(const schema::Column& column, const Value& list, bool is_negated) {
  Condition any;
  any.kind = Condition::Kind::kOr;
  for (const Value& item : list.items) {
    any.parts.push_back(Compare(column, *FindOperator("_eq"), TextNotNull(item, "[" + column.scalar + "!]")));
  }
  return is_negated ? Negate(std::move(any)) : any;
}

Condition PlanOperator(const Entry& entry, const schema::Column& column, bool is_cast_to_text);

Condition PlanOperators(const Value& value, const schema::Column& column, bool is_cast_to_text) {
  Condition all;
  for (const Entry& entry : value.entries) all.parts.push_back(PlanOperator(entry, column, is_cast_to_text));
  return all;
}

Condition PlanOperator(const Entry& entry, const schema::Column& column, bool is_cast_to_text) {
  const std::string& name = entry.field->name;
  const std::string type = entry.field->type.named == nullptr ? column.scalar : entry.field->type.named->name;
  if (entry.value.IsNull()) TextNotNull(entry.value, type);  // null would make the condition disappear
  if (name == "_is_null") {
    Condition condition;
    condition.kind = entry.value.IsTrue() ? Condition::Kind::kIsNull : Condition::Kind::kIsNotNull;
    condition.column = &column;
    return condition;
  }
  if (name == "_cast") {
    Condition all;
    for (const Entry& cast : entry.value.entries) all.parts.push_back(PlanOperators(cast.value, column, true));
    return all;
  }
  const Operator* comparison = FindOperator(name);
  if (comparison == nullptr) throw Error(code::kNotSupported, "operator " + name, entry.value.path);
  if (comparison->operand == "[]" && column.is_array && !is_cast_to_text) {
    return InArrays(column, entry.value, comparison->is_negated);
  }
  Condition condition = Compare(column, *comparison, TextNotNull(entry.value, type));
  condition.is_cast_to_text = is_cast_to_text;
  return condition;
}

Condition PlanList(const Value& value, Condition::Kind kind, const schema::Table& table,
                   const schema::Catalog& catalog) {
  Condition condition;
  condition.kind = kind;
  for (const Value& item : value.items) condition.parts.push_back(PlanWhere(item, table, catalog));
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
    case InputKind::kCompareColumn:
      return PlanOperators(entry.value, *entry.field->column, false);
    case InputKind::kCompareRelationship: {
      Condition condition;
      condition.kind = Condition::Kind::kExists;
      condition.join = JoinOf(table, *entry.field->relationship, catalog);
      condition.parts.push_back(PlanWhere(entry.value, *condition.join.to, catalog));
      return condition;
    }
    default:
      throw Error(code::kUnexpected, "no condition: " + entry.field->name, entry.value.path);
  }
}

}  // namespace

Join JoinOf(const schema::Table& from, const schema::Relationship& relationship, const schema::Catalog& catalog) {
  return {&from, &catalog.tables[static_cast<std::size_t>(relationship.target)], &relationship};
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
    all.parts.push_back(Compare(column, *FindOperator("_eq"), TextNotNull(entry.value, column.scalar)));
  }
  return all;
}

}  // namespace threefactor::plan
