#include "execute/prepared.hpp"

#include <catch2/catch.hpp>

using threefactor::execute::PreparedStatements;

TEST_CASE("the least recently used statement makes room", "[prepared]") {
  PreparedStatements prepared(2);
  std::optional<std::string> evicted;
  const std::string a = prepared.Add("select 1", evicted);
  const std::string b = prepared.Add("select 2", evicted);
  CHECK_FALSE(evicted);
  CHECK(a != b);
  REQUIRE(prepared.Find("select 1") != nullptr);
  CHECK(*prepared.Find("select 1") == a);
  const std::string c = prepared.Add("select 3", evicted);
  CHECK(evicted == b);
  CHECK(prepared.Find("select 2") == nullptr);
  CHECK(c != b);  // a name in the server is never used twice
}

TEST_CASE("a refused statement is forgotten, and all are with the connection", "[prepared]") {
  PreparedStatements prepared(10);
  std::optional<std::string> evicted;
  prepared.Add("a", evicted);
  prepared.Add("b", evicted);
  prepared.Forget("a");
  prepared.Forget("never");
  CHECK(prepared.Find("a") == nullptr);
  CHECK(prepared.Find("b") != nullptr);
  prepared.Clear();
  CHECK(prepared.Find("b") == nullptr);
}
