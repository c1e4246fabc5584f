#include <catch2/catch.hpp>

#include "execute/exchange.hpp"

using threefactor::execute::SettingsStatement;

TEST_CASE("a session's settings are one statement, values as parameters, role last", "[execute]") {
  CHECK(SettingsStatement({}, 0, true).text.empty());
  const auto both = SettingsStatement({"o'brien", "{}"}, 5000, false);
  CHECK(both.text ==
        "SELECT pg_catalog.set_config('statement_timeout', $1, true), pg_catalog.set_config('hasura.user', $2, true), "
        "pg_catalog.set_config('role', $3, true)");
  CHECK(both.parameters == std::vector<std::optional<std::string>>{"5000", "{}", "o'brien"});
  const auto read = SettingsStatement({"o'brien", ""}, 0, true);
  CHECK(read.text ==
        "SELECT pg_catalog.set_config('transaction_read_only', $1, true), pg_catalog.set_config('role', $2, true)");
  CHECK(read.parameters == std::vector<std::optional<std::string>>{"on", "o'brien"});
}
