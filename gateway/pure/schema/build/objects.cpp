// type t: columns, and relationships to tables that the role may read too.
#include "base/characters.hpp"
#include "schema/build/builder.hpp"

namespace threefactor::schema {

void SchemaBuilder::FillObject(const TableTypes& types) {
  const Table& table = *types.table;
  types.object->table = &table;
  for (const Column& column : table.columns) {
    if (!IsReadable(column)) continue;
    Field& field = types.object->fields.emplace_back();
    field.name = column.graphql_name;
    field.description = column.comment;
    field.type = column.not_null ? NonNull(ColumnType(column)) : ColumnType(column);
    field.kind = FieldKind::kColumn;
    field.table = &table;
    field.column = &column;
    if (column.is_json && !column.is_array) {
      field.arguments.push_back(Argument("path", "JSON select path", Nullable(Scalar("String"))));
    }
  }
  for (const Relationship& relationship : table.relationships) {
    const TableTypes& target = TypesOf(Target(relationship));
    if (target.object == nullptr || !IsPublicName(relationship.name) || !CanJoin(table, relationship)) continue;
    Field field;
    field.name = relationship.name;
    field.table = target.table;
    field.relationship = &relationship;
    if (!relationship.is_array) {
      field.description = relationship.comment.empty() ? "An object relationship" : relationship.comment;
      field.type =
          relationship.nullable || target.table->hides_rows ? Nullable(*target.object) : NonNull(*target.object);
      field.kind = FieldKind::kObjectRelationship;
      types.object->fields.push_back(field);
      continue;
    }
    field.description = relationship.comment.empty() ? "An array relationship" : relationship.comment;
    field.type = NonNullList(*target.object);
    field.kind = FieldKind::kArrayRelationship;
    field.arguments = ListArguments(target);
    types.object->fields.push_back(field);
    if (target.aggregate == nullptr) continue;
    field.name += "_aggregate";
    field.description = "An aggregate relationship";
    field.type = NonNull(*target.aggregate);
    field.kind = FieldKind::kArrayRelationshipAggregate;
    types.object->fields.push_back(field);
  }
}

std::vector<InputField> SchemaBuilder::ListArguments(const TableTypes& types) {
  return {
      Argument("distinct_on", "distinct select on columns", ListOf(*types.select_column)),
      Argument("limit", "limit the number of rows returned", Nullable(Scalar("Int"))),
      Argument("offset", "skip the first n rows. Use only with order_by", Nullable(Scalar("Int"))),
      Argument("order_by", "sort the rows by one or more columns", ListOf(*types.order)),
      Argument("where", "filter the rows returned", Nullable(*types.filter)),
  };
}

std::vector<InputField> SchemaBuilder::PrimaryKeyArguments(const Table& table) {
  std::vector<InputField> arguments;
  for (const int index : table.primary_key.columns) {
    const Column& column = table.columns[static_cast<std::size_t>(index)];
    InputField& argument = arguments.emplace_back();
    argument.name = column.graphql_name;
    argument.description = column.comment;
    argument.type = NonNull(ColumnType(column));
    argument.kind = InputKind::kSetColumn;
    argument.table = &table;
    argument.column = &column;
    argument.takes_array = column.is_array;
  }
  return arguments;
}

void SchemaBuilder::FillSelectColumn(const TableTypes& types) {
  types.select_column->table = types.table;
  for (const Column& column : types.table->columns) {
    if (IsReadable(column)) types.select_column->values.push_back({column.graphql_name, "column name", &column});
  }
}

}  // namespace threefactor::schema
