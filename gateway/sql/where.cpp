#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

using plan::Condition;

std::string RenderCompare(Context& context, const Condition& condition, const std::string& alias) {
  const schema::Column& column = *condition.column;
  const plan::Operator& comparison = *condition.comparison;
  std::string left = alias + '.' + QuoteIdentifier(column.name);
  if (condition.is_cast_to_text) left += "::text";
  const std::string own_type = condition.is_cast_to_text ? "text" : column.sql_type;
  const std::string type = comparison.operand.empty()   ? own_type
                           : comparison.operand == "[]" ? own_type + "[]"
                                                        : std::string(comparison.operand);
  const std::string right = context.Parameter(condition.value, type);
  const std::string sql = comparison.sql.ends_with("ANY") ? left + ' ' + std::string(comparison.sql) + '(' + right + ')'
                                                          : left + ' ' + std::string(comparison.sql) + ' ' + right;
  return comparison.is_negated ? "NOT (" + sql + ')' : sql;
}

std::string RenderExists(Context& context, const Condition& condition, const std::string& alias) {
  const std::string inner = context.Alias();
  std::string sql = "EXISTS (SELECT 1 FROM " + context.Read(*condition.join.to) + " AS " + inner + " WHERE " +
                    RenderJoin(condition.join, inner, alias);
  if (!IsAlwaysTrue(condition.parts.front())) {
    sql += " AND " + RenderCondition(context, condition.parts.front(), inner);
  }
  return sql + ')';
}

std::string RenderList(Context& context, const Condition& condition, const std::string& alias) {
  const bool is_and = condition.kind == Condition::Kind::kAnd;
  if (condition.parts.empty()) return is_and ? "true" : "false";
  if (condition.parts.size() == 1) return RenderCondition(context, condition.parts.front(), alias);
  std::string sql;
  for (const Condition& part : condition.parts) {
    sql += sql.empty() ? "(" : is_and ? " AND " : " OR ";
    sql += RenderCondition(context, part, alias);
  }
  return sql + ')';
}

}  // namespace

bool IsAlwaysTrue(const Condition& condition) {
  if (condition.kind != Condition::Kind::kAnd) return false;
  for (const Condition& part : condition.parts) {
    if (!IsAlwaysTrue(part)) return false;
  }
  return true;
}

std::string RenderJoin(const plan::Join& join, const std::string& to, const std::string& from) {
  std::string sql;
  for (const auto& [from_column, to_column] : join.relationship->columns) {
    if (!sql.empty()) sql += " AND ";
    sql += to + '.' + QuoteIdentifier(join.to->columns[static_cast<std::size_t>(to_column)].name);
    sql += " = " + from + '.' + QuoteIdentifier(join.from->columns[static_cast<std::size_t>(from_column)].name);
  }
  return sql;
}

std::string RenderCondition(Context& context, const Condition& condition, const std::string& alias) {
  switch (condition.kind) {
    case Condition::Kind::kAnd:
    case Condition::Kind::kOr:
      return RenderList(context, condition, alias);
    case Condition::Kind::kNot:
      return "NOT (" + RenderCondition(context, condition.parts.front(), alias) + ')';
    case Condition::Kind::kIsNull:
      return alias + '.' + QuoteIdentifier(condition.column->name) + " IS NULL";
    case Condition::Kind::kIsNotNull:
      return alias + '.' + QuoteIdentifier(condition.column->name) + " IS NOT NULL";
    case Condition::Kind::kExists:
      return RenderExists(context, condition, alias);
    case Condition::Kind::kCompare:
      break;
  }
  return RenderCompare(context, condition, alias);
}

}  // namespace threefactor::sql
