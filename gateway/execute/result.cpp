#include "execute/result.hpp"

namespace threefactor::execute {

namespace {

std::string_view FieldOf(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

std::string_view WithoutLineEnd(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string_view SqlState(const PGresult* result) {
  return FieldOf(result, PG_DIAG_SQLSTATE);
}

Error ErrorOf(const PGresult* result, std::string path) {
  const std::string_view sqlstate = SqlState(result);
  std::string_view message = FieldOf(result, PG_DIAG_MESSAGE_PRIMARY);
  // libpq's own failures (lost connection, out of memory) have only the whole message.
  if (message.empty()) message = WithoutLineEnd(PQresultErrorMessage(result));
  return FromPostgres(sqlstate.empty() ? std::string_view("08000") : sqlstate, message,
                      FieldOf(result, PG_DIAG_MESSAGE_DETAIL), FieldOf(result, PG_DIAG_MESSAGE_HINT), std::move(path));
}

Error LostConnection(const char* libpq_message, bool outcome_unknown) {
  Error lost = FromPostgres("08006", WithoutLineEnd(libpq_message), "", "", "$");
  if (!outcome_unknown) return lost;
  return Error(code::kPostgresError,
               "connection lost before the database confirmed the commit: the mutation may or may not have happened")
      .WithInternal(lost.internal());
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

Executor::Rows RowsOf(const PGresult* result) {
  Executor::Rows rows;
  rows.has_rows = PQresultStatus(result) == PGRES_TUPLES_OK;
  const int columns = PQnfields(result);
  for (int column = 0; column < columns; ++column) rows.columns.emplace_back(PQfname(result, column));
  const int count = PQntuples(result);
  rows.rows.reserve(static_cast<std::size_t>(count));
  for (int row = 0; row < count; ++row) {
    auto& values = rows.rows.emplace_back();
    values.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
      if (PQgetisnull(result, row, column))
        values.emplace_back(std::nullopt);
      else
        values.emplace_back(std::in_place, PQgetvalue(result, row, column),
                            static_cast<std::size_t>(PQgetlength(result, row, column)));
    }
  }
  return rows;
}

}  // namespace threefactor::execute
