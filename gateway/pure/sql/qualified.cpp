#include "sql/qualified.hpp"

#include <algorithm>
#include <array>

namespace threefactor::sql {

namespace {

constexpr std::string_view kSystem = "pg_catalog.";

// The grammar itself says that these are of pg_catalog; most have a name of other words there.
constexpr std::array kTypesOfGrammar =
    std::to_array<std::string_view>({"smallint", "integer", "bigint", "real", "double precision", "numeric", "boolean",
                                     "character varying", "timestamp without time zone", "timestamp with time zone",
                                     "time without time zone", "time with time zone", "interval", "bit varying"});

// Of names that are not there: pg_catalog.
std::string_view SchemaOf(std::string_view name, const std::map<std::string, std::string, std::less<>>* schemas) {
  if (schemas == nullptr) return kSystem;
  const auto found = schemas->find(name);
  return found == schemas->end() ? kSystem : std::string_view(found->second);
}

std::string OperatorIn(std::string_view schema, std::string_view symbol) {
  return std::string(" OPERATOR(").append(schema).append(symbol).append(") ");
}

}  // namespace

std::string Operator(std::string_view symbol) {
  return OperatorIn(kSystem, symbol);
}

std::string Operator(std::string_view symbol, const schema::Column& operand) {
  return OperatorIn(SchemaOf(symbol, operand.own == nullptr ? nullptr : &operand.own->operators), symbol);
}

std::string Call(std::string_view name, std::string_view arguments) {
  return std::string(kSystem).append(name).append("(").append(arguments).append(")");
}

std::string AggregateName(std::string_view name, const schema::Column& argument) {
  return std::string(SchemaOf(name, argument.own == nullptr ? nullptr : &argument.own->aggregates)).append(name);
}

std::string TypeName(std::string_view type) {
  std::string_view element = type;
  if (element.ends_with("[]")) element.remove_suffix(2);
  const bool is_fixed = element.find('.') != std::string_view::npos ||
                        std::find(kTypesOfGrammar.begin(), kTypesOfGrammar.end(), element) != kTypesOfGrammar.end();
  return std::string(is_fixed ? "" : kSystem).append(type);
}

std::string Cast(std::string sql, std::string_view type) {
  return std::move(sql).append("::").append(TypeName(type));
}

std::string Typed(std::string sql, const schema::Column& column) {
  if (column.own == nullptr || column.is_array) return sql;
  // Of a type that is read by way of another (a::b), the last.
  const std::size_t last = column.sql_type.rfind("::");
  return Cast(std::move(sql), std::string_view(column.sql_type).substr(last == std::string::npos ? 0 : last + 2));
}

}  // namespace threefactor::sql
