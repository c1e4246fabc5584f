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

Json Sample(JsonShape shape, const JsonValue& value) {
  Json json(shape);
  json.AddText("{");
  json.AddKey("id");
  json.AddValue(value);
  json.AddText(",");
  json.AddKey("t");
  json.AddText("\"it's 100%\"");
  json.AddText("}");
  return json;
}

TEST_CASE("JSON is a call of the extension with a template, or a concatenation") {
  CHECK(Sample(JsonShape::kFunctions, {"x", false}).Take() ==
        R"(threefactor_json.object('{"id":%v,"t":"it''s 100%%"}', x))");
  CHECK(Sample(JsonShape::kFunctions, {"x", true}).TakeList().sql ==
        R"(threefactor_json.list('{"id":%r,"t":"it''s 100%%"}', x))");
  CHECK(Sample(JsonShape::kConcatenation, {"x::text", true}).Take() == R"('{"id":'||x::text||',"t":"it''s 100%"}')");

  for (const JsonShape shape : {JsonShape::kFunctions, JsonShape::kConcatenation}) {
    Json constant(shape);
    constant.AddText("{}");
    CHECK(constant.Take() == "'{}'");
    CHECK(Json(shape).Take() == "''");
  }
  Json list(JsonShape::kFunctions);
  list.AddText("{}");
  CHECK(list.TakeList().sql == "threefactor_json.list('{}')");
  Json value(JsonShape::kConcatenation);
  value.AddValue({"x", true});
  CHECK(value.Take() == "''||x");
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
