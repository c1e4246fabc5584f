#include "sql/qualified.hpp"
#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

using schema::FunctionArgument;

std::string RenderArgument(Context& context, const plan::Call::Argument& passed, const std::string& row) {
  const FunctionArgument& argument = *passed.argument;
  const std::string name = passed.is_named ? QuoteIdentifier(argument.name) + " => " : "";
  switch (argument.role) {
    case FunctionArgument::Role::kRow:
      return name + row;
    case FunctionArgument::Role::kSession:
      return name + context.SessionVariables();
    case FunctionArgument::Role::kValue:
      break;
  }
  return name + context.Parameter(passed.value, argument.type.sql_type);
}

std::string ColumnOf(const schema::Column& column, const std::string& alias) {
  return alias + '.' + QuoteIdentifier(column.name);
}

// bool_and, count ... of columns, as they stand in t_aggregate_bool_exp.
std::string RenderAggregate(const plan::Operand& operand, const std::string& alias) {
  if (operand.columns.empty()) return Call("count", "*");
  const std::string distinct = operand.is_distinct ? "DISTINCT " : "";
  if (operand.aggregate == "count") {
    std::string columns;
    for (const schema::Column* column : operand.columns) {
      columns += (columns.empty() ? "" : ", ") + ColumnOf(*column, alias);
    }
    if (operand.columns.size() > 1) columns = '(' + columns + ')';  // one row value
    return Call("count", distinct + columns);
  }
  std::vector<std::string> arguments;
  for (const schema::Column* column : operand.columns) arguments.push_back(ColumnOf(*column, alias));
  return RenderFunction(operand.aggregate, *operand.columns.front(), arguments, operand.is_distinct);
}

// Of two columns of one type with an own operator by that; what else is equal, is so in pg_catalog.
std::string RenderEquality(const schema::Column& left, const std::string& left_alias, const schema::Column& right,
                           const std::string& right_alias) {
  const std::string one = ColumnOf(left, left_alias);
  const std::string other = ColumnOf(right, right_alias);
  if (left.own == nullptr || left.own != right.own) return one + Operator("=") + other;
  return Typed(one, left) + Operator("=", left) + Typed(other, right);
}

}  // namespace

std::string RenderCall(Context& context, const plan::Call& call, const std::string& row) {
  std::string arguments;
  for (const plan::Call::Argument& argument : call.arguments) {
    arguments += (arguments.empty() ? "" : ", ") + RenderArgument(context, argument, row);
  }
  return context.Read(*call.function) + '(' + arguments + ')';
}

std::string RenderOperand(Context& context, const plan::Operand& operand, const std::string& alias) {
  if (!operand.aggregate.empty()) return RenderAggregate(operand, alias);
  if (operand.call.function != nullptr) return RenderCall(context, operand.call, alias);
  return ColumnOf(*operand.column, alias);
}

std::string RenderEqualities(const plan::Join& join, const std::string& to, const std::string& from) {
  std::string sql;
  for (const auto& [from_column, to_column] : join.relationship->columns) {
    if (!sql.empty()) sql += " AND ";
    sql += RenderEquality(join.to->columns[static_cast<std::size_t>(to_column)], to,
                          join.from->columns[static_cast<std::size_t>(from_column)], from);
  }
  return sql;
}

Reached RenderJoin(Context& context, const plan::Join& join, const std::string& to, const std::string& from) {
  if (join.relationship == nullptr) return {RenderCall(context, join.call, from) + " AS " + to, ""};
  return {context.Read(*join.to) + " AS " + to, RenderEqualities(join, to, from)};
}

}  // namespace threefactor::sql
