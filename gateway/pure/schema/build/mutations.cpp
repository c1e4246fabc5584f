// Inputs and responses of mutations (gateway/dialect/mutations.md).
#include <fmt/format.h>

#include "base/characters.hpp"
#include "schema/build/builder.hpp"
#include "schema/names.hpp"

namespace threefactor::schema {

namespace {

void AddColumn(Type& type, const Table& table, const Column& column, TypeRef column_type) {
  InputField& field = type.input_fields.emplace_back();
  field.name = column.graphql_name;
  field.description = column.comment;
  field.type = std::move(column_type);
  field.kind = InputKind::kSetColumn;
  field.table = &table;
  field.column = &column;
  field.takes_array = column.is_array;
}

}  // namespace

void SchemaBuilder::FillInsert(const TableTypes& types) {
  if (types.insert_input == nullptr) return;
  const Table& table = *types.table;
  types.insert_input->table = &table;
  for (const Column& column : table.columns) {
    if (IsInsertable(column)) AddColumn(*types.insert_input, table, column, ColumnType(column));
  }
  for (const Relationship& relationship : table.relationships) {
    const TableTypes& target = TypesOf(Target(relationship));
    if (target.insert_input == nullptr || !IsPublicName(relationship.name) || !CanInsertAlong(table, relationship))
      continue;
    InputField& field = types.insert_input->input_fields.emplace_back();
    field.name = relationship.name;
    field.type = Nullable(RelatedInsert(target, relationship.is_array));
    field.kind = InputKind::kInsertRelated;
    field.table = target.table;
    field.relationship = &relationship;
  }
  if (types.on_conflict == nullptr) return;

  types.constraint->table = &table;
  const auto add_constraint = [&](const Constraint& constraint) {
    if (!IsConflictTarget(constraint, table)) return;
    std::string columns;
    for (const int column : constraint.columns) {
      columns += (columns.empty() ? "\"" : ", \"") + table.columns[static_cast<std::size_t>(column)].name + '"';
    }
    types.constraint->values.push_back(
        {constraint.name, "unique or primary key constraint on columns " + columns, nullptr});
  };
  add_constraint(table.primary_key);
  for (const Constraint& constraint : table.unique_constraints) add_constraint(constraint);

  types.update_column->table = &table;
  for (const Column& column : table.columns) {
    if (table.is_updatable && IsUpdatable(column)) {
      types.update_column->values.push_back({column.graphql_name, "column name", &column});
    }
  }
  // An enum without values is not valid GraphQL.
  if (types.update_column->values.empty()) {
    types.update_column->values.push_back({"_PLACEHOLDER", "placeholder (do not use)", nullptr});
  }

  types.on_conflict->table = &table;
  InputField update_columns = Argument("update_columns", "", NonNullList(*types.update_column));
  update_columns.default_value = "[]";
  InputField where = Argument("where", "", Nullable(*types.filter));
  where.kind = InputKind::kPredicate;
  types.on_conflict->input_fields = {
      Argument("constraint", "", NonNull(*types.constraint)),
      std::move(update_columns),
      std::move(where),
  };
}

// Rows of the table at the other end of a relationship.
Type& SchemaBuilder::RelatedInsert(const TableTypes& target, bool is_array) {
  const std::string& t = target.table->graphql_name;
  const std::string name = t + (is_array ? "_arr_rel_insert_input" : "_obj_rel_insert_input");
  if (Type* declared = Find(name)) return *declared;
  Type& type =
      Declare(TypeKind::kInputObject, name,
              fmt::format("input type for inserting {} relation for remote table \"{}\"", is_array ? "array" : "object",
                          QualifiedName(target.table->schema, target.table->name)));
  type.table = target.table;
  type.input_fields.push_back(
      Argument("data", "", is_array ? NonNullList(*target.insert_input) : NonNull(*target.insert_input)));
  if (target.on_conflict != nullptr) {
    type.input_fields.push_back(Argument("on_conflict", "upsert condition", Nullable(*target.on_conflict)));
  }
  return type;
}

void SchemaBuilder::FillUpdate(TableTypes& types) {
  if (types.set_input == nullptr) return;
  const Table& table = *types.table;
  types.set_input->table = &table;
  for (const Column& column : table.columns) {
    if (!IsUpdatable(column)) continue;
    AddColumn(*types.set_input, table, column, ColumnType(column));
    if (CanReadAndUpdate(column) && column.is_numeric && !column.is_array)
      AddColumn(*types.increment_input, table, column, ColumnType(column));
  }
  if (types.increment_input != nullptr) types.increment_input->table = &table;
  FillJsonInputs(types);
  if (types.primary_key_input != nullptr) {
    types.primary_key_input->table = &table;
    types.primary_key_input->input_fields = PrimaryKeyArguments(table);
  }
}

void SchemaBuilder::FillJsonInputs(TableTypes& types) {
  const Table& table = *types.table;
  const auto add = [&](const char* name, const char* description, const TypeRef& value) {
    Type* input = nullptr;
    for (const Column& column : table.columns) {
      if (!CanReadAndUpdate(column) || !column.is_jsonb || column.is_array) continue;
      if (input == nullptr) {
        input = &Declare(TypeKind::kInputObject, table.graphql_name + name + "_input", description);
        input->table = &table;
      }
      AddColumn(*input, table, column, value);
    }
    if (input != nullptr) types.json_inputs.push_back({name, description, input});
  };
  add("_append", "append existing jsonb value of filtered columns with new jsonb value", Nullable(Scalar("jsonb")));
  add("_prepend", "prepend existing jsonb value of filtered columns with new jsonb value", Nullable(Scalar("jsonb")));
  add("_delete_key", "delete key/value pair or string element. key/value pairs are matched based on their key value",
      Nullable(Scalar("String")));
  add("_delete_elem",
      "delete the array element with specified index (negative integers count from the end). throws an error if top "
      "level container is not an array",
      Nullable(Scalar("Int")));
  add("_delete_at_path",
      "delete the field or element with specified path (for JSON arrays, negative integers count from the end)",
      ListOf(Scalar("String")));
}

void SchemaBuilder::FillResponse(const TableTypes& types) {
  if (types.mutation_response == nullptr) return;
  types.mutation_response->table = types.table;
  Field affected_rows;
  affected_rows.name = "affected_rows";
  affected_rows.description = "number of rows affected by the mutation";
  affected_rows.type = NonNull(Scalar("Int"));
  affected_rows.kind = FieldKind::kAffectedRows;
  affected_rows.table = types.table;
  types.mutation_response->fields.push_back(std::move(affected_rows));
  if (types.object == nullptr) return;
  Field returning;
  returning.name = "returning";
  returning.description = "data from the rows affected by the mutation";
  returning.type = NonNullList(*types.object);
  returning.kind = FieldKind::kReturning;
  returning.table = types.table;
  types.mutation_response->fields.push_back(std::move(returning));
}

}  // namespace threefactor::schema
