// t_bool_exp, t_order_by and the comparison of each scalar (gateway/dialect/queries.md and filters.md).
#include <fmt/format.h>

#include "base/characters.hpp"
#include "schema/build/builder.hpp"

namespace threefactor::schema {

namespace {

std::string ComparisonName(const Column& column) {
  return column.scalar + (column.is_array ? "_array_comparison_exp" : "_comparison_exp");
}

constexpr std::string_view kTextOperators[][2] = {
    {"_like", "does the column match the given pattern"},
    {"_nlike", "does the column NOT match the given pattern"},
    {"_ilike", "does the column match the given case-insensitive pattern"},
    {"_nilike", "does the column NOT match the given case-insensitive pattern"},
    {"_similar", "does the column match the given SQL regular expression"},
    {"_nsimilar", "does the column NOT match the given SQL regular expression"},
    {"_regex", "does the column match the given POSIX regular expression, case sensitive"},
    {"_iregex", "does the column match the given POSIX regular expression, case insensitive"},
    {"_nregex", "does the column NOT match the given POSIX regular expression, case sensitive"},
    {"_niregex", "does the column NOT match the given POSIX regular expression, case insensitive"},
};

Column TextColumn() {
  Column column;
  column.scalar = "String";
  column.sql_type = "text";
  column.is_text = true;
  return column;
}

}  // namespace

// All scalars and comparisons before any table, so that a table cannot take the name of one.
void SchemaBuilder::DeclareComparisons() {
  for (const Table& table : schema_->catalog().tables) {
    for (const Column& column : table.columns) {
      if (!IsReadable(column)) continue;
      Scalar(column.scalar);
      DeclareComparison(column);
    }
    for (const Column& column : table.columns) {
      if (IsInsertable(column) || IsUpdatable(column)) Scalar(column.scalar);
    }
    for (const ComputedField& field : table.computed_fields) DeclareFunctionScalars(field.function);
  }
  for (const Function& function : schema_->catalog().functions) DeclareFunctionScalars(function);
}

Type& SchemaBuilder::DeclareComparison(const Column& column) {
  if (Type* declared = Comparison(column)) return *declared;
  Type& type = Declare(
      TypeKind::kInputObject, ComparisonName(column),
      fmt::format("Boolean expression to compare columns of type \"{}\". All fields are combined with logical 'AND'.",
                  column.scalar));
  FillComparison(type, column);
  return type;
}

Type* SchemaBuilder::Comparison(const Column& column) {
  return Find(ComparisonName(column));
}

void SchemaBuilder::FillComparison(Type& type, const Column& column) {
  const Type& string = Scalar("String");
  const auto add = [&](std::string_view name, std::string_view description, TypeRef value_type) {
    InputField& field = type.input_fields.emplace_back();
    field.name = name;
    field.description = description;
    field.type = std::move(value_type);
    field.kind = InputKind::kOperator;
    field.takes_array = column.is_array && name != "_is_null";
  };
  const TypeRef value = ColumnType(column);
  TypeRef values = NonNull(value);
  values.wrappers.insert(values.wrappers.begin(), Wrapper::kList);

  for (const std::string_view name : {"_eq", "_neq"}) add(name, "", value);
  if (!column.is_enum && column.spatial != Spatial::kRaster) {
    for (const std::string_view name : {"_gt", "_gte", "_lt", "_lte"}) add(name, "", value);
  }
  for (const std::string_view name : {"_in", "_nin"}) add(name, "", values);
  add("_is_null", "", Nullable(Scalar("Boolean")));
  if (column.is_array) {
    add("_contains", "does the array contain the given value", value);
    add("_contained_in", "is the array contained in the given array value", value);
    return;
  }
  if (column.is_text) {
    for (const auto& [name, description] : kTextOperators) add(name, description, value);
  }
  if (column.spatial != Spatial::kNone) AddSpatialOperators(type, column);
  if (column.is_ltree) {
    const Type& query = Scalar("lquery");
    add("_ancestor", "is the left argument an ancestor of right (or equal)?", value);
    add("_ancestor_any", "does array contain an ancestor of `ltree`?", ListOf(*value.named));
    add("_descendant", "is the left argument a descendant of right (or equal)?", value);
    add("_descendant_any", "does array contain a descendant of `ltree`?", ListOf(*value.named));
    add("_matches", "does `ltree` match `lquery`?", Nullable(query));
    add("_matches_any", "does `ltree` match any `lquery` in array?", ListOf(query));
    add("_matches_fulltext", "does `ltree` match `ltxtquery`?", Nullable(Scalar("ltxtquery")));
  }
  if (column.is_jsonb) {
    Type* cast = Find("jsonb_cast_exp");
    if (cast == nullptr) {
      cast = &Declare(TypeKind::kInputObject, "jsonb_cast_exp", "");
      InputField& field = cast->input_fields.emplace_back();
      field.name = "String";
      field.type = Nullable(DeclareComparison(TextColumn()));
      field.kind = InputKind::kOperator;
    }
    add("_cast", "", Nullable(*cast));
    add("_contains", "does the column contain the given json value at the top level", value);
    add("_contained_in", "is the column contained in the given json value", value);
    add("_has_key", "does the string exist as a top-level key in the column", Nullable(string));
    add("_has_keys_any", "do any of these strings exist as top-level keys in the column", ListOf(string));
    add("_has_keys_all", "do all of these strings exist as top-level keys in the column", ListOf(string));
    add("_jsonb_path_exists", "does the JSON path return any item for the column", Nullable(string));
    add("_jsonb_path_match", "is the JSON path predicate true for the column", Nullable(string));
  }
}

void SchemaBuilder::FillFilter(const TableTypes& types) {
  Type& filter = *types.filter;
  filter.table = types.table;
  const auto add = [&](std::string_view name, TypeRef type, InputKind kind) -> InputField& {
    InputField& field = filter.input_fields.emplace_back();
    field.name = name;
    field.type = std::move(type);
    field.kind = kind;
    field.table = types.table;
    return field;
  };
  add("_and", ListOf(filter), InputKind::kAnd);
  add("_or", ListOf(filter), InputKind::kOr);
  add("_not", Nullable(filter), InputKind::kNot);
  for (const Column& column : types.table->columns) {
    if (!IsReadable(column)) continue;
    add(column.graphql_name, Nullable(*Comparison(column)), InputKind::kCompareColumn).column = &column;
  }
  for (const Relationship& relationship : types.table->relationships) {
    const TableTypes& target = TypesOf(Target(relationship));
    if (target.object == nullptr || !IsPublicName(relationship.name) || !CanJoin(*types.table, relationship)) continue;
    InputField& field = add(relationship.name, Nullable(*target.filter), InputKind::kCompareRows);
    field.table = target.table;
    field.relationship = &relationship;
    if (!relationship.is_array || target.aggregate == nullptr) continue;
    InputField& aggregate =
        add(relationship.name + "_aggregate", Nullable(AggregateFilter(target)), InputKind::kCompareAggregate);
    aggregate.table = target.table;
    aggregate.relationship = &relationship;
  }
}

void SchemaBuilder::FillOrder(const TableTypes& types) {
  types.order->table = types.table;
  for (const Column& column : types.table->columns) {
    if (!IsReadable(column)) continue;
    InputField& field = types.order->input_fields.emplace_back();
    field.name = column.graphql_name;
    field.type = Nullable(*order_by_);
    field.kind = InputKind::kOrderColumn;
    field.table = types.table;
    field.column = &column;
  }
  for (const Relationship& relationship : types.table->relationships) {
    const TableTypes& target = TypesOf(Target(relationship));
    if (target.object == nullptr || !IsPublicName(relationship.name) || !CanJoin(*types.table, relationship)) continue;
    if (relationship.is_array && target.aggregate == nullptr) continue;
    InputField& field = types.order->input_fields.emplace_back();
    field.name = relationship.is_array ? relationship.name + "_aggregate" : relationship.name;
    field.type = Nullable(relationship.is_array ? *target.aggregate_order : *target.order);
    field.kind = InputKind::kOrderRows;
    field.table = target.table;
    field.relationship = &relationship;
  }
}

}  // namespace threefactor::schema
