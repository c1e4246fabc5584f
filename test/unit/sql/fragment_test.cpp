#include "sql/fragment.hpp"

#include <catch2/catch.hpp>

using namespace threefactor::sql;

TEST_CASE("Identifiers and literals cannot be left from inside") {
  CHECK(QuoteIdentifier("orders") == "\"orders\"");
  CHECK(QuoteIdentifier("a\"; DROP TABLE x; --") == "\"a\"\"; DROP TABLE x; --\"");
  CHECK(QuoteLiteral("it's") == "'it''s'");
  CHECK(QuoteLiteral("a\\'b") == "E'a\\\\''b'");
}

TEST_CASE("Parameters are numbered and cast") {
  Context context;
  CHECK(context.Parameter("x", "citext") == "($1)::citext");
  CHECK(context.Parameter(std::nullopt, "integer[]") == "($2)::integer[]");
  const auto parameters = context.TakeParameters();
  REQUIRE(parameters.size() == 2);
  CHECK(parameters[0] == "x");
  CHECK_FALSE(parameters[1].has_value());
}

TEST_CASE("Concatenation merges constants and is of type text") {
  Concatenation text;
  text.AddText("{");
  text.AddKey("id");
  text.AddExpression("x::text");
  text.AddText(",");
  text.AddKey("t");
  text.AddText("\"it's\"");
  text.AddText("}");
  CHECK(text.Take() == R"('{"id":'||x::text||',"t":"it''s"}')");

  Concatenation expression;
  expression.AddExpression("x");
  CHECK(expression.Take() == "''||x");
  CHECK(Concatenation().Take() == "''");
}

TEST_CASE("A row remembers which columns are used, once each") {
  threefactor::schema::Column a;
  a.name = "a";
  Row row("_0", true);
  CHECK(row.Use(a) == "_0.\"a\"");
  row.Use(a);
  CHECK(row.columns().size() == 1);
}

TEST_CASE("A whole row is what the alias names, or a column of a subselect") {
  Row relation("_0", true);
  CHECK(relation.UseWhole() == "_0");
  Row subselect("_1", false);
  CHECK_FALSE(subselect.is_used_whole());
  CHECK(subselect.UseWhole() == "_1.\"*\"");
  CHECK(subselect.is_used_whole());
}
