#include <catch2/catch.hpp>

#include "execute/claims.hpp"
#include "execute/cleaning.hpp"
#include "execute/exchange.hpp"

using threefactor::execute::ClaimsOf;
using threefactor::execute::CleaningStatements;
using threefactor::execute::SettingsStatement;
using threefactor::schema::Residue;
using Parameters = std::vector<std::optional<std::string>>;

TEST_CASE("a session's settings are one statement, values as parameters, role last", "[execute]") {
  CHECK(SettingsStatement({}, 0, true).text.empty());
  const auto all = SettingsStatement({"o'brien", R"({"x-hasura-role":"o"})"}, 5000, false);
  CHECK(all.text ==
        "SELECT pg_catalog.set_config('statement_timeout', $1, true), pg_catalog.set_config('request.jwt.claims', $2, "
        "true), pg_catalog.set_config('hasura.user', $3, true), pg_catalog.set_config('role', $4, true)");
  CHECK(all.parameters ==
        Parameters{"5000", R"({"role":"o","x-hasura-role":"o"})", R"({"x-hasura-role":"o"})", "o'brien"});
  const auto read = SettingsStatement({"o'brien", ""}, 0, true);
  CHECK(read.text ==
        "SELECT pg_catalog.set_config('transaction_read_only', $1, true), pg_catalog.set_config('role', $2, true)");
  CHECK(read.parameters == Parameters{"on", "o'brien"});
  CHECK(SettingsStatement({"o'brien", "", "5s"}, 60000, false).parameters == Parameters{"5s", "o'brien"});
}

TEST_CASE("claims are the session variables, and what policies of PostgREST read", "[execute]") {
  CHECK(ClaimsOf("") == "");
  CHECK(ClaimsOf("{}") == "{}");
  CHECK(ClaimsOf(R"({"x-hasura-role":"web","x-hasura-user-id":"7"})") ==
        R"({"role":"web","sub":"7","x-hasura-role":"web","x-hasura-user-id":"7"})");
  // Nothing in a value is taken for a name.
  CHECK(ClaimsOf(R"({"x-hasura-a":"\",\"x-hasura-user-id\":\"8","x-hasura-role":"w\"\\"})") ==
        R"({"role":"w\"\\","x-hasura-a":"\",\"x-hasura-user-id\":\"8","x-hasura-role":"w\"\\"})");
}

TEST_CASE("what code of users can leave in a session is taken away, as far as it can", "[execute]") {
  CHECK(CleaningStatements(Residue::kNothing, true, 0, nullptr).empty());
  const auto settings = CleaningStatements(Residue::kSettings, true, 5000, nullptr);
  REQUIRE(settings.size() == 3);
  CHECK(settings[0].text == "RESET ALL");
  CHECK(settings[1].text == "RESET ROLE");
  CHECK_THAT(settings[2].text, Catch::Matchers::Contains("pg_catalog.pg_advisory_unlock_all()"));
  CHECK(settings[2].parameters.back() == "5000");  // what the session has from the start
  const auto anything = CleaningStatements(Residue::kAnything, true, 0, nullptr);
  CHECK(anything.size() == 7);
  CHECK_THAT(anything.back().text, Catch::Matchers::Contains("from_sql"));
  const auto pooled = CleaningStatements(Residue::kAnything, false, 0, "me");
  CHECK(pooled.size() == 8);
  CHECK(pooled.back().parameters == Parameters{"me"});
}
