#include <catch2/catch.hpp>

#include "execute/exchange.hpp"

using threefactor::execute::SettingsStatement;

TEST_CASE("a session's settings are one statement, values as parameters, role last", "[execute]") {
  CHECK(SettingsStatement({}, 0).text.empty());
  const auto both = SettingsStatement({"o'brien", "{}"}, 5000);
  CHECK(both.text ==
        "SELECT pg_catalog.set_config('statement_timeout', $1, true), pg_catalog.set_config('hasura.user', $2, true), "
        "pg_catalog.set_config('role', $3, true)");
  CHECK(both.parameters == std::vector<std::optional<std::string>>{"5000", "{}", "o'brien"});
}
