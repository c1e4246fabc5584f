#include <algorithm>

#include "schema/build/builder.hpp"
#include "schema/hash_order.hpp"

namespace threefactor::schema {

Type& SchemaBuilder::Scalar(std::string_view name) {
  Type* existing = Find(name);
  return existing != nullptr ? *existing : Declare(TypeKind::kScalar, std::string(name), "");
}

TypeRef SchemaBuilder::ColumnType(const Column& column) {
  const Type& scalar = Scalar(column.scalar);
  return column.is_array ? ListOf(scalar) : Nullable(scalar);
}

void SchemaBuilder::DeclareOrderBy() {
  order_by_ = &Declare(TypeKind::kEnum, "order_by", "column ordering options");
  order_by_->values = {
      {"asc", "in ascending order, nulls last", nullptr},
      {"asc_nulls_first", "in ascending order, nulls first", nullptr},
      {"asc_nulls_last", "in ascending order, nulls last", nullptr},
      {"desc", "in descending order, nulls first", nullptr},
      {"desc_nulls_first", "in descending order, nulls first", nullptr},
      {"desc_nulls_last", "in descending order, nulls last", nullptr},
  };
}

void SchemaBuilder::DeclareEnums() {
  for (const Table& table : schema_->catalog().tables) {
    if (table.enum_rows.empty()) continue;
    Type& type = Declare(TypeKind::kEnum, table.graphql_name + "_enum", "");
    for (const EnumRow& row : table.enum_rows) type.values.push_back({row.value, row.comment, nullptr});
    std::stable_sort(type.values.begin(), type.values.end(), [](const EnumValue& left, const EnumValue& right) {
      return HashPlace(left.name) < HashPlace(right.name);
    });
  }
}

}  // namespace threefactor::schema
