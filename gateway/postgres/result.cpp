#include "postgres/result.hpp"

#include "base/sqlstate.hpp"
#include "postgres/error.hpp"
#include "postgres/message.hpp"

namespace threefactor::postgres {

namespace {

std::string_view FieldOf(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

}  // namespace

std::string_view SqlState(const PGresult* result) {
  return FieldOf(result, PG_DIAG_SQLSTATE);
}

Error ErrorOf(const PGresult* result, std::string path) {
  const std::string_view sqlstate = SqlState(result);
  std::string message(FieldOf(result, PG_DIAG_MESSAGE_PRIMARY));
  // libpq's own failures (lost connection, out of memory) have only the whole message.
  if (message.empty()) message = OneLine(PQresultErrorMessage(result));
  return FromPostgres(sqlstate.empty() ? std::string_view(sqlstate::kConnectionException) : sqlstate, message,
                      FieldOf(result, PG_DIAG_MESSAGE_DETAIL), FieldOf(result, PG_DIAG_MESSAGE_HINT), std::move(path));
}

Error GraphqlErrorOf(const PGresult* result, std::string path) {
  Error error = ErrorOf(result, path);
  const bool is_check = error.message().starts_with("check constraint");
  const bool is_users = FieldOf(result, PG_DIAG_SOURCE_FUNCTION) == "exec_stmt_raise";
  if (error.sqlstate() != sqlstate::kInsufficientPrivilege || is_check || is_users) return error;
  return Error(error.code(), "permission denied", std::move(path))
      .WithInternal(error.internal())
      .WithSqlState(error.sqlstate());
}

std::string_view ResponseText(const PGresult* result, int column, std::string_view empty) {
  if (result == nullptr || PQntuples(result) == 0) return empty.empty() ? std::string_view("null") : empty;
  if (column >= PQnfields(result) || PQgetisnull(result, 0, column)) return "null";
  return {PQgetvalue(result, 0, column), static_cast<std::size_t>(PQgetlength(result, 0, column))};
}

std::size_t ValueSize(const PGresult* result) {
  const bool has_value = PQntuples(result) > 0 && PQnfields(result) > 0;
  return has_value ? static_cast<std::size_t>(PQgetlength(result, 0, 0)) : 0;
}

}  // namespace threefactor::postgres
