#include "sql/qualified.hpp"
#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

using plan::Condition;

// What the operand is cast to.
std::string CastType(const plan::Operand& operand) {
  return operand.cast == "text" ? "text" : operand.column->extension_schema + std::string(operand.cast);
}

// The type of what is compared, as text is cast to it.
std::string TypeOf(const plan::Operand& operand) {
  if (operand.cast.empty()) return operand.column->sql_type;
  const std::string by_way_of = operand.column->extension_schema + "geometry::";
  return (operand.cast == "geography" ? by_way_of : "") + CastType(operand);
}

// The type of the value of an operator, where it is not the operand's.
std::string ValueType(const plan::Operator& comparison, const plan::Operand& operand) {
  constexpr std::string_view kOfLtree = "ltree.";
  const std::string_view type = comparison.operand;
  if (type.empty()) return TypeOf(operand);
  if (type == "[]") return TypeOf(operand) + "[]";
  if (type.starts_with(kOfLtree)) return operand.column->extension_schema + std::string(type.substr(kOfLtree.size()));
  return std::string(type);
}

std::string RenderFunctionCondition(Context& context, const Condition& condition, const std::string& left) {
  const std::string& schema = condition.operand.column->extension_schema;
  std::string arguments = left;
  if (condition.arguments.empty()) arguments += ", " + context.Parameter(condition.value, TypeOf(condition.operand));
  for (const auto& [value, type] : condition.arguments) {
    arguments += ", " + context.Parameter(value, type.empty()         ? TypeOf(condition.operand)
                                                 : type == "geometry" ? schema + "geometry"
                                                                      : std::string(type));
  }
  return schema + std::string(condition.comparison->sql) + '(' + arguments + ')';
}

std::string RenderCompare(Context& context, const Condition& condition, const std::string& alias) {
  const plan::Operator& comparison = *condition.comparison;
  const plan::Operand& operand = condition.operand;
  using Form = plan::Operator::Form;
  std::string left = RenderOperand(context, operand, alias);
  left = operand.cast.empty() ? Typed(std::move(left), *operand.column) : Cast(std::move(left), CastType(operand));
  if (comparison.form == Form::kFunction) return RenderFunctionCondition(context, condition, left);
  const std::string right = context.Parameter(condition.value, ValueType(comparison, operand));
  std::string sql =
      left + (operand.cast == "text" ? Operator(comparison.sql) : Operator(comparison.sql, *operand.column));
  if (comparison.form == Form::kAny) {
    sql += "ANY (" + right + ')';
  } else {
    sql += comparison.form == Form::kSimilar ? Call("similar_to_escape", right) : right;
  }
  return comparison.is_negated ? "NOT (" + sql + ')' : sql;
}

// A row at the other end, or an aggregate over all of them: HAVING without GROUP BY makes them one group, even if there
// are none.
std::string RenderExists(Context& context, const Condition& condition, const std::string& alias) {
  const std::string inner = context.Alias();
  const Reached reached = RenderJoin(context, condition.join, inner, alias);
  std::string where = reached.condition;
  if (!IsAlwaysTrue(condition.parts.front())) {
    where += (where.empty() ? "" : " AND ") + RenderCondition(context, condition.parts.front(), inner);
  }
  std::string sql = "EXISTS (SELECT 1 FROM " + reached.from + (where.empty() ? "" : " WHERE ") + where;
  if (condition.kind == Condition::Kind::kAggregate) {
    sql += " HAVING " + RenderCondition(context, condition.parts.back(), inner);
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

std::string RenderCondition(Context& context, const Condition& condition, const std::string& alias) {
  switch (condition.kind) {
    case Condition::Kind::kAnd:
    case Condition::Kind::kOr:
      return RenderList(context, condition, alias);
    case Condition::Kind::kNot:
      return "NOT (" + RenderCondition(context, condition.parts.front(), alias) + ')';
    case Condition::Kind::kIsNull:
      return RenderOperand(context, condition.operand, alias) + " IS NULL";
    case Condition::Kind::kIsNotNull:
      return RenderOperand(context, condition.operand, alias) + " IS NOT NULL";
    case Condition::Kind::kExists:
    case Condition::Kind::kAggregate:
      return RenderExists(context, condition, alias);
    case Condition::Kind::kCompare:
      break;
  }
  return RenderCompare(context, condition, alias);
}

}  // namespace threefactor::sql
