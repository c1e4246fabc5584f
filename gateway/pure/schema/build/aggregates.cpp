// t_aggregate and what is below it (gateway/dialect/queries.md, "Aggregates").
#include <fmt/format.h>

#include "schema/build/builder.hpp"
#include "schema/names.hpp"

namespace threefactor::schema {

namespace {

struct Operator {
  std::string_view name;
  bool of_numbers;    // else of comparable columns
  bool gives_column;  // the column's type; else Float
};

constexpr Operator kOperators[] = {
    {"avg", true, false},        {"max", false, true},         {"min", false, true}, {"stddev", true, false},
    {"stddev_pop", true, false}, {"stddev_samp", true, false}, {"sum", true, true},  {"var_pop", true, false},
    {"var_samp", true, false},   {"variance", true, false},
};

}  // namespace

void SchemaBuilder::FillAggregate(const TableTypes& types) {
  const Table& table = *types.table;
  types.aggregate->table = &table;
  types.aggregate_fields->table = &table;
  const auto add = [&](Type& type, std::string_view name, TypeRef field_type, FieldKind kind) -> Field& {
    Field& field = type.fields.emplace_back();
    field.name = name;
    field.type = std::move(field_type);
    field.kind = kind;
    field.table = &table;
    return field;
  };
  add(*types.aggregate, "aggregate", Nullable(*types.aggregate_fields), FieldKind::kAggregate);
  add(*types.aggregate, "nodes", NonNullList(*types.object), FieldKind::kNodes);

  Field& count = add(*types.aggregate_fields, "count", NonNull(Scalar("Int")), FieldKind::kCount);
  count.arguments.push_back(Argument("columns", "", ListOf(*types.select_column)));
  count.arguments.push_back(Argument("distinct", "", Nullable(Scalar("Boolean"))));

  for (const Operator& operation : kOperators) {
    Type* fields = nullptr;
    for (const Column& column : table.columns) {
      const bool applies = operation.of_numbers ? column.is_numeric : column.is_comparable;
      if (!IsReadable(column) || !applies || column.is_array) continue;
      if (fields == nullptr) {
        fields = &Declare(TypeKind::kObject, fmt::format("{}_{}_fields", table.graphql_name, operation.name),
                          fmt::format("aggregate {} on columns", operation.name));
        fields->table = &table;
      }
      Field& field =
          add(*fields, column.graphql_name, Nullable(Scalar(operation.gives_column ? column.scalar : "Float")),
              FieldKind::kAggregateColumn);
      field.description = column.comment;
      field.column = &column;
      field.aggregate_operator = operation.name;
    }
    if (fields != nullptr) {
      add(*types.aggregate_fields, operation.name, Nullable(*fields), FieldKind::kAggregateOperator)
          .aggregate_operator = operation.name;
    }
  }
}

// order_by over an array relationship.
void SchemaBuilder::FillAggregateOrder(const TableTypes& types) {
  const Table& table = *types.table;
  types.aggregate_order->table = &table;
  const auto add = [&](Type& type, std::string_view name, const Type& value, InputKind kind) -> InputField& {
    InputField& field = type.input_fields.emplace_back();
    field.name = name;
    field.type = Nullable(value);
    field.kind = kind;
    field.table = &table;
    return field;
  };
  add(*types.aggregate_order, "count", *order_by_, InputKind::kOrderColumn);
  for (const Operator& operation : kOperators) {
    Type* columns = nullptr;
    for (const Column& column : table.columns) {
      const bool applies = operation.of_numbers ? column.is_numeric : column.is_comparable;
      if (!IsReadable(column) || !applies || column.is_array) continue;
      if (columns == nullptr) {
        columns = &Declare(TypeKind::kInputObject, fmt::format("{}_{}_order_by", table.graphql_name, operation.name),
                           fmt::format("order by {}() on columns of table \"{}\"", operation.name,
                                       QualifiedName(table.schema, table.name)));
        columns->table = &table;
      }
      add(*columns, column.graphql_name, *order_by_, InputKind::kOrderColumn).column = &column;
    }
    if (columns != nullptr) add(*types.aggregate_order, operation.name, *columns, InputKind::kOrderColumn);
  }
}

}  // namespace threefactor::schema
