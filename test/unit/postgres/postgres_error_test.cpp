#include <catch2/catch.hpp>

#include "postgres/error.hpp"

using threefactor::postgres::FromPostgres;

namespace {

struct Row {
  const char* sqlstate;
  const char* code;
  const char* message;
};

}  // namespace

TEST_CASE("each SQLSTATE has the code and message that frontends match on", "[postgres_error]") {
  // gateway/dialect/errors.md, "Errors of Postgres".
  const Row rows[] = {
      {"23505", "constraint-violation", "Uniqueness violation. m"},
      {"23503", "constraint-violation", "Foreign key violation. m"},
      {"23502", "constraint-violation", "Not-NULL violation. m"},
      {"23P01", "constraint-violation", "Exclusion violation. m"},
      {"23001", "constraint-violation", "Can not delete or update due to data being referred. m"},
      {"23514", "permission-error", "Check constraint violation. m"},
      {"22025", "bad-request", "m"},
      {"22012", "data-exception", "m"},
      {"22P02", "data-exception", "m"},
      {"42704", "constraint-error", "m"},
      {"42P10", "constraint-error", "there is no unique or exclusion constraint on target column(s)"},
      {"40001", "concurrent-update", "m"},
      {"40P01", "concurrent-update", "m"},
      {"42501", "permission-error", "m"},
      {"TFVAR", "not-found", "m"},
      {"P0001", "unexpected", "database query error"},
      {"57014", "unexpected", "database query error"},
      {"42P01", "unexpected", "database query error"},
      {"08006", "postgres-error", "connection error"},
      {"57P01", "postgres-error", "connection error"},
      {"53300", "postgres-max-connections-error", "m"},
  };
  for (const Row& row : rows) {
    const auto error = FromPostgres(row.sqlstate, "m", "", "", "$.x");
    INFO(row.sqlstate);
    CHECK(error.code() == row.code);
    CHECK(error.message() == row.message);
    CHECK(error.path() == "$.x");
  }
}

TEST_CASE("a policy's refusal of a new row reads like a failed permission check", "[postgres_error]") {
  const auto error = FromPostgres("42501", "new row violates row-level security policy for table \"t\"", "", "", "$");
  CHECK(error.code() == "permission-error");
  CHECK(error.message() == "check constraint of an insert/update permission has failed");
}

TEST_CASE("what Postgres said is kept for administrators", "[postgres_error]") {
  const auto error = FromPostgres("P0001", "say \"no\"", "why", "", "$");
  CHECK(
      error.internal() ==
      R"({"error":{"exec_status":"FatalError","hint":null,"message":"say \"no\"","status_code":"P0001","description":"why"}})");
}

TEST_CASE("DDL may be behind errors of names and types, not behind those of values and rights", "[postgres]") {
  for (const char* sqlstate :
       {"XX000", "0A000", "26000", "3F000", "42P01", "42703", "42704", "42804", "42883", "42P05"})
    CHECK(threefactor::postgres::MayBeOutdated(sqlstate));
  for (const char* sqlstate : {"", "42501", "23505", "22P02", "40001", "57014", "08006", "P0001"})
    CHECK_FALSE(threefactor::postgres::MayBeOutdated(sqlstate));
  const auto error = threefactor::postgres::FromPostgres("42P01", "relation does not exist", "", "", "$");
  CHECK(error.sqlstate() == "42P01");
}
