// What a statement is told about whom it runs for, as settings of Postgres.
#include "execute/claims.hpp"
#include "execute/exchange.hpp"

namespace threefactor::execute {

namespace {

// SELECT set_config(...), ...
class Settings {
 public:
  explicit Settings(std::string_view is_local) : is_local_(is_local) {}

  void Set(std::string_view name, std::string value) {
    statement_.parameters.emplace_back(std::move(value));
    statement_.text.append(statement_.text.empty() ? "SELECT " : ", ");
    statement_.text.append("pg_catalog.set_config('").append(name).append("', $");
    statement_.text.append(std::to_string(statement_.parameters.size())).append(", ").append(is_local_).append(")");
  }
  void SetVariables(std::string_view session_variables) {
    Set("request.jwt.claims", ClaimsOf(session_variables));
    Set("hasura.user", std::string(session_variables));
  }
  bool is_empty() const { return statement_.text.empty(); }
  sql::Statement Take() { return std::move(statement_); }

 private:
  const std::string_view is_local_;
  sql::Statement statement_;
};

}  // namespace

sql::Statement SettingsStatement(const Session& session, int statement_timeout_ms, bool read_only) {
  Settings settings("true");
  if (!session.statement_timeout.empty()) {
    settings.Set("statement_timeout", session.statement_timeout);
  } else if (statement_timeout_ms > 0) {
    settings.Set("statement_timeout", std::to_string(statement_timeout_ms));
  }
  if (!session.session_variables.empty()) settings.SetVariables(session.session_variables);
  if (read_only && (!settings.is_empty() || !session.database_role.empty()))
    settings.Set("transaction_read_only", "on");
  if (!session.database_role.empty()) settings.Set("role", session.database_role);  // the last that we do as ourselves
  return settings.Take();
}

sql::Statement SessionStatement(int statement_timeout_ms) {
  Settings settings("false");
  settings.SetVariables(kAdministratorVariables);
  if (statement_timeout_ms > 0) settings.Set("statement_timeout", std::to_string(statement_timeout_ms));
  return settings.Take();
}

}  // namespace threefactor::execute
