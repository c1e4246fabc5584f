#include "execute/cleaning.hpp"

#include <string_view>

#include "execute/exchange.hpp"

namespace threefactor::execute {

namespace {

constexpr const char* kPrepared = "prepared";

// Not ours, which the protocol prepared, nor those of a pooler.
constexpr std::string_view kForgetPrepared =
    "DO 'DECLARE name text; BEGIN FOR name IN SELECT p.name FROM pg_catalog.pg_prepared_statement() AS p WHERE "
    "p.from_sql LOOP EXECUTE pg_catalog.format(''DEALLOCATE %I'', name); END LOOP; END'";

}  // namespace

std::vector<sql::Statement> CleaningStatements(schema::Residue residue, bool keeps_session, int statement_timeout_ms,
                                               const char* application_name) {
  std::vector<sql::Statement> statements;
  const auto add = [&](std::string_view text) { statements.push_back({std::string(text), {}, "$"}); };
  if (residue == schema::Residue::kNothing) return statements;
  const bool is_anything = residue == schema::Residue::kAnything;
  add("RESET ALL");
  add("RESET ROLE");
  if (is_anything) {
    for (const char* text : {"UNLISTEN *", "CLOSE ALL", "DISCARD TEMP", "DISCARD SEQUENCES"}) add(text);
    if (!keeps_session) add(kForgetPrepared);
  }
  sql::Statement last;
  if (keeps_session) {
    last = SessionStatement(statement_timeout_ms);
  } else {
    last.text = "SELECT pg_catalog.set_config('client_encoding', 'UTF8', false)";
    if (application_name != nullptr) {
      last.text += ", pg_catalog.set_config('application_name', $1, false)";
      last.parameters.emplace_back(application_name);
    }
  }
  last.error_path = "$";
  last.text.append(", pg_catalog.pg_advisory_unlock_all()");
  if (is_anything && keeps_session)
    last.text.append(", EXISTS (SELECT FROM pg_catalog.pg_prepared_statement() AS p WHERE p.from_sql) AS ")
        .append(kPrepared);
  statements.push_back(std::move(last));
  return statements;
}

bool FoundPrepared(const PGresult* result) {
  const int column = PQfnumber(result, kPrepared);
  return column >= 0 && PQntuples(result) == 1 && std::string_view(PQgetvalue(result, 0, column)) == "t";
}

const std::string& RunDeferred() {
  static const std::string kText = "SET CONSTRAINTS ALL IMMEDIATE";
  return kText;
}

}  // namespace threefactor::execute
