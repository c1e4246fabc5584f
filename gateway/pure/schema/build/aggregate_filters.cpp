// t_aggregate_bool_exp: rows by an aggregate of related rows (gateway/dialect/filters.md, "Aggregates").
#include <fmt/format.h>

#include "schema/build/builder.hpp"
#include "schema/names.hpp"

namespace threefactor::schema {

namespace {

struct Predicate {
  std::string_view name;
  std::string_view scalar;  // of the columns, and of what they are compared with
  bool of_pair = false;     // takes two columns, X and Y
};

constexpr Predicate kPredicates[] = {
    {"bool_and", "Boolean"},  {"bool_or", "Boolean"},         {"avg", "float8"},
    {"corr", "float8", true}, {"covar_samp", "float8", true}, {"max", "float8"},
    {"min", "float8"},        {"stddev_samp", "float8"},      {"sum", "float8"},
    {"var_samp", "float8"},
};

Column Compared(std::string_view scalar) {
  Column column;
  column.scalar = scalar;
  return column;
}

}  // namespace

// Only for tables that some array relationship leads to.
Type& SchemaBuilder::AggregateFilter(const TableTypes& types) {
  const Table& table = *types.table;
  const std::string prefix = table.graphql_name + "_aggregate_bool_exp";
  if (Type* declared = Find(prefix)) return *declared;
  Type& filter = Declare(TypeKind::kInputObject, prefix, "");
  filter.table = &table;
  const auto add = [&](const std::string& name, const Type& predicate, TypeRef arguments) {
    Type& type = Declare(TypeKind::kInputObject, prefix + '_' + name, "");
    type.table = &table;
    type.input_fields = {
        Argument("arguments", "", std::move(arguments)),
        Argument("distinct", "", Nullable(Scalar("Boolean"))),
        Argument("filter", "", Nullable(*types.filter)),
        Argument("predicate", "", NonNull(predicate)),
    };
    for (InputField& field : type.input_fields) field.kind = InputKind::kPredicate;
    filter.input_fields.push_back(Argument(name, "", Nullable(type)));
    filter.input_fields.back().kind = InputKind::kPredicate;
  };
  add("count", DeclareComparison(Compared("Int")), ListOf(*types.select_column));
  for (const Predicate& predicate : kPredicates) {
    const std::string name(predicate.name);
    Type* columns = nullptr;
    for (const Column& column : table.columns) {
      if (!IsReadable(column) || column.is_array || column.scalar != predicate.scalar) continue;
      if (columns == nullptr) {
        columns = &Declare(
            TypeKind::kEnum,
            fmt::format("{0}_select_column_{0}_aggregate_bool_exp_{1}_arguments_columns", table.graphql_name, name),
            fmt::format("select \"{}\" columns of type {} of table \"{}\"", prefix, predicate.scalar,
                        QualifiedName(table.schema, table.name)));
        columns->table = &table;
      }
      columns->values.push_back({column.graphql_name, "column name", &column});
    }
    if (columns == nullptr) continue;
    const Type* arguments = columns;
    if (predicate.of_pair) {
      Type& pair = Declare(TypeKind::kInputObject, fmt::format("{}_{}_arguments", prefix, name), "");
      for (const char* member : {"X", "Y"}) pair.input_fields.push_back(Argument(member, "", NonNull(*columns)));
      arguments = &pair;
    }
    add(name, DeclareComparison(Compared(predicate.scalar)), NonNull(*arguments));
  }
  return filter;
}

}  // namespace threefactor::schema
