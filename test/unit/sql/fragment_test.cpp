#include "sql/fragment.hpp"

#include <algorithm>

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
  CHECK(context.Parameter("x", "public.citext") == "($1)::public.citext");
  CHECK(context.Parameter(std::nullopt, "integer[]") == "($2)::integer[]");
  const auto parameters = context.TakeParameters();
  REQUIRE(parameters.size() == 2);
  CHECK(parameters[0] == "x");
  CHECK_FALSE(parameters[1].has_value());
}

Json Sample(JsonShape shape, const JsonValue& value) {
  Json json(shape);
  json.BeginObject();
  json.AddKey("id");
  json.AddValue(value);
  json.AddKey("t");
  json.AddText("\"it's 100%\"");
  json.EndObject();
  return json;
}

TEST_CASE("JSON is a call of the extension with a template, or a concatenation") {
  CHECK(Sample(JsonShape::kFunctions, {"x", false}).Take() ==
        R"(threefactor_json.object('{"id":%v,"t":"it''s 100%%"}', x))");
  CHECK(Sample(JsonShape::kFunctions, {"x", true}).TakeList().sql ==
        R"(threefactor_json.list('{"id":%r,"t":"it''s 100%%"}', x))");
  CHECK(Sample(JsonShape::kConcatenation, {"x::text", true}).Take() ==
        R"('{"id":' OPERATOR(pg_catalog.||) x::text OPERATOR(pg_catalog.||) ',"t":"it''s 100%"}')");

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
  CHECK(value.Take() == "'' OPERATOR(pg_catalog.||) x");
}

// {"a":{},"b":{"c":1},"d":2}
TEST_CASE("Members have commas between them, whatever their objects hold") {
  Json json(JsonShape::kConcatenation);
  json.BeginObject();
  json.AddKey("a");
  json.BeginObject();
  json.EndObject();
  json.AddKey("b");
  json.BeginObject();
  json.AddKey("c");
  json.AddText("1");
  json.EndObject();
  json.AddKey("d");
  json.AddText("2");
  json.EndObject();
  CHECK(json.Take() == R"('{"a":{},"b":{"c":1},"d":2}')");
}

Json Wide(JsonShape shape, int values) {
  Json json(shape);
  json.BeginObject();
  for (int i = 0; i < values; ++i) {
    json.AddKey("k" + std::to_string(i));
    json.AddValue({"v", true});
  }
  json.EndObject();
  return json;
}

// Of one function call, or of one list of operators.
int MostArguments(const std::string& sql) {
  std::vector<int> counts = {0};
  int most = 0;
  bool is_quoted = false;
  for (const char c : sql) {
    if (c == '\'') is_quoted = !is_quoted;
    if (is_quoted) continue;
    if (c == '(') counts.push_back(1);
    if (c == ',') most = std::max(most, ++counts.back());
    if (c == ')') counts.pop_back();
  }
  REQUIRE(counts.size() == 1);
  return most;
}

TEST_CASE("An object of any size is made of calls with no more arguments than a function takes") {
  CHECK(Wide(JsonShape::kFunctions, 98).Take().starts_with(R"(threefactor_json.object('{"k0":%r,)"));
  CHECK(Wide(JsonShape::kFunctions, 99)
            .Take()
            .starts_with(R"(threefactor_json.object('%r%r', threefactor_json.object('{"k0")"));
  CHECK(Wide(JsonShape::kFunctions, 99)
            .TakeList()
            .sql.starts_with("threefactor_json.list('%r%r', threefactor_json.object("));
  for (const int values : {98, 99, 196, 197, 1600, 9604, 9605, 20000}) {
    CAPTURE(values);
    CHECK(MostArguments(Wide(JsonShape::kFunctions, values).Take()) == 99);
    const std::string list = Wide(JsonShape::kFunctions, values).TakeList().sql;
    CHECK(MostArguments(list) <= 99);
    std::size_t found = 0;
    for (std::size_t at = list.find(", v"); at != std::string::npos; at = list.find(", v", at + 1)) ++found;
    CHECK(found == static_cast<std::size_t>(values));
  }
}

TEST_CASE("A concatenation of any size nests no deeper than its chunks") {
  const std::string join = " OPERATOR(pg_catalog.||) ";
  CHECK(Wide(JsonShape::kConcatenation, 2).Take() ==
        R"('{"k0":')" + join + 'v' + join + R"(',"k1":')" + join + 'v' + join + "'}'");
  const std::string wide = Wide(JsonShape::kConcatenation, 99).Take();
  CHECK(wide.starts_with("''" + join + R"(('{"k0":')" + join + 'v' + join));
  CHECK(wide.ends_with(join + R"(',"k98":'))" + join + "(''" + join + 'v' + join + "'}')"));
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
