#include "live/cohort_key.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

namespace threefactor::live {

bool SameStatement(const sql::Compiled& left, const sql::Compiled& right) {
  const auto same_statement = [](const sql::Statement& a, const sql::Statement& b) {
    return a.text == b.text && a.parameters == b.parameters && a.empty_result == b.empty_result;
  };
  const auto same_part = [](const sql::Part& a, const sql::Part& b) {
    return a.text == b.text && a.statement == b.statement && a.column == b.column;
  };
  return std::equal(left.statements.begin(), left.statements.end(), right.statements.begin(), right.statements.end(),
                    same_statement) &&
         std::equal(left.parts.begin(), left.parts.end(), right.parts.begin(), right.parts.end(), same_part);
}

std::size_t CohortKeyHash::operator()(const CohortKey& key) const {
  std::size_t hash = 0;
  const auto add = [&hash](std::string_view text) {
    hash = hash * 1099511628211U + std::hash<std::string_view>()(text);
  };
  for (const sql::Statement& statement : key.compiled->statements) {
    add(statement.text);
    for (const auto& parameter : statement.parameters) add(parameter ? std::string_view(*parameter) : "NULL");
  }
  for (const sql::Part& part : key.compiled->parts) add(part.text);
  add(key.session->database_role);
  add(key.session->session_variables);
  add(key.session->statement_timeout);
  return hash;
}

bool CohortKeyEqual::operator()(const CohortKey& left, const CohortKey& right) const {
  return left.session->database_role == right.session->database_role &&
         left.session->session_variables == right.session->session_variables &&
         left.session->statement_timeout == right.session->statement_timeout &&
         SameStatement(*left.compiled, *right.compiled);
}

}  // namespace threefactor::live
