#include "language/parser.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace threefactor::language;
using threefactor::Error;
using threefactor::Limits;

namespace {

Error SyntaxErrorOf(std::string_view text) {
  try {
    Parse(text, {});
  } catch (const Error& error) {
    return error;
  }
  return {"none", "none"};
}

std::string Repeat(std::string_view text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

}  // namespace

TEST_CASE("An operation with everything in it") {
  const Document document = Parse(R"(
    query Q($id: [Int!]! = [1, 2] @a, "described" $b: String) @cached(ttl: 5) {
      alias: field(x: $id, y: {a: "s", b: [1.5, true, null, RED]}) @include(if: true) { leaf }
      ...Spread @skip(if: false)
      ... on T @a { x }
      ... { y }
    }
    "described" fragment Spread on T @b { z })",
                                  {});
  REQUIRE(document.operations.size() == 1);
  const OperationDefinition& operation = document.operations[0];
  CHECK(operation.kind == OperationDefinition::Kind::kQuery);
  CHECK(operation.name == "Q");
  CHECK_FALSE(operation.is_shorthand);
  REQUIRE(operation.variables.size() == 2);
  using Wrapper = TypeReference::Wrapper;
  CHECK(operation.variables[0].type.name == "Int");
  CHECK(operation.variables[0].type.wrappers ==
        std::vector<Wrapper>{Wrapper::kNonNull, Wrapper::kList, Wrapper::kNonNull});
  REQUIRE(operation.variables[0].default_value.has_value());
  CHECK(operation.variables[0].default_value->items[1].text == "2");
  CHECK(operation.variables[0].directives[0].name == "a");
  CHECK_FALSE(operation.variables[1].default_value.has_value());
  CHECK(operation.directives[0].arguments[0].value.text == "5");

  REQUIRE(operation.selections.size() == 4);
  const Selection& field = operation.selections[0];
  CHECK(field.kind == Selection::Kind::kField);
  CHECK(field.alias == "alias");
  CHECK(field.name == "field");
  CHECK(field.ResponseKey() == "alias");
  CHECK(field.arguments[0].value.kind == Value::Kind::kVariable);
  CHECK(field.arguments[0].value.text == "id");
  const Value& object = field.arguments[1].value;
  REQUIRE(object.kind == Value::Kind::kObject);
  CHECK(object.fields[0].value.kind == Value::Kind::kString);
  const std::vector<Value>& items = object.fields[1].value.items;
  REQUIRE(items.size() == 4);
  CHECK(items[0].kind == Value::Kind::kFloat);
  CHECK(items[1].kind == Value::Kind::kBoolean);
  CHECK(items[2].kind == Value::Kind::kNull);
  CHECK(items[3].kind == Value::Kind::kEnum);
  CHECK(field.selections[0].name == "leaf");

  CHECK(operation.selections[1].kind == Selection::Kind::kFragmentSpread);
  CHECK(operation.selections[1].directives[0].name == "skip");
  CHECK(operation.selections[2].kind == Selection::Kind::kInlineFragment);
  CHECK(operation.selections[2].name == "T");
  CHECK(operation.selections[3].name.empty());

  REQUIRE(document.fragments.size() == 1);
  CHECK(document.fragments[0].name == "Spread");
  CHECK(document.fragments[0].type_condition == "T");
}

TEST_CASE("Texts stay valid when the document moves") {
  Document document =
      Parse(R"({ a(x: "\u0041bc and a text that is long enough to be on the heap", y: """ block """) })", {});
  const Document moved = std::move(document);
  const Selection& field = moved.operations[0].selections[0];
  CHECK(field.name == "a");
  CHECK(field.arguments[0].value.text == "Abc and a text that is long enough to be on the heap");
  CHECK(field.arguments[1].value.text == " block ");
}

TEST_CASE("Keywords are names where a name is wanted") {
  const Document document =
      Parse("query query { query fragment: on mutation(null: 1) { true } } fragment fragment on on { x }", {});
  CHECK(document.operations[0].name == "query");
  CHECK(document.operations[0].selections[1].alias == "fragment");
  CHECK(document.fragments[0].name == "fragment");
}

TEST_CASE("What is not an executable document is refused") {
  for (const char* wrong : {"",
                            "# nothing",
                            "{",
                            "{}",
                            "{ a",
                            "{ a( }",
                            "{ a() }",
                            "{ a(x) }",
                            "{ a(x:) }",
                            "{ a(x: [1 }",
                            "{ a(x: {b}) }",
                            "{ a: }",
                            "{ a } }",
                            "query {",
                            "query Q",
                            "query Q() { a }",
                            "query Q($a) { a }",
                            "query Q($a: ) { a }",
                            "query Q($a: [Int) { a }",
                            "query Q($a: Int!!) { a }",
                            "query Q($a: Int = $b) { a }",
                            "query Q(a: Int) { a }",
                            "fragment on on T { a }",
                            "fragment F T { a }",
                            "fragment F on { a }",
                            "fragment F on T",
                            "{ ...on }",
                            "{ ... }",
                            "{ a @ }",
                            "type T { a: Int }",
                            "schema { query: Q }",
                            "extend type T { a: Int }",
                            "foo { a }",
                            "\"description\" { a }",
                            "{ a(x: $) }",
                            "{ a(x: @) }",
                            "mutation",
                            "{ a b: : c }",
                            "query Q($a: Int @x(y: $a)) { b }"}) {
    CAPTURE(wrong);
    const Error error = SyntaxErrorOf(wrong);
    CHECK(error.code() == "validation-failed");
    CHECK(error.message() == "not a valid graphql query");
    CHECK(error.path() == "$.query");
  }
}

TEST_CASE("The place of a syntax error is told") {
  CHECK(SyntaxErrorOf("{\r\n  \xC3\xA9").internal() == R"({"line":2,"column":3,"expected":"a token"})");
  CHECK(SyntaxErrorOf("{ a(x: \"\xC3\xA9\" }").internal() ==
        R"({"line":1,"column":12,"expected":"the name of an argument"})");
  CHECK(SyntaxErrorOf("{\n\na(x: \"ab\\q\") }").internal() ==
        R"({"line":3,"column":9,"expected":"a valid escape sequence"})");
}

TEST_CASE("Nesting is limited, not by the stack") {
  const std::string expected = "the document is nested deeper than 64 levels";
  for (const std::string& deep : {
           Repeat("{a", 10000) + Repeat("}", 10000),
           Repeat("{a", 10000),
           "{" + Repeat("...{", 10000) + "a" + Repeat("}", 10001),
           "{a(x:" + Repeat("[", 10000) + Repeat("]", 10000) + ")}",
           "{a(x:" + Repeat("{a:", 5000) + "1" + Repeat("}", 5000) + ")}",
           "query Q($a:" + Repeat("[", 10000) + "Int" + Repeat("]", 10000) + "){a}",
       }) {
    const Error error = SyntaxErrorOf(deep);
    CHECK(error.message() == expected);
    CHECK(error.code() == "validation-failed");
  }
  CHECK(SyntaxErrorOf(Repeat("{a", 64) + Repeat("}", 64)).code() == "none");
  Limits limits;
  limits.depth = 1000000;
  CHECK_THROWS_WITH(Parse(Repeat("{a", 5000), limits), "the document is nested deeper than 500 levels");
}

TEST_CASE("Aliases are limited") {
  Limits limits;
  limits.aliases = 2;
  CHECK_NOTHROW(Parse("{ a: x b: x c }", limits));
  CHECK_THROWS_WITH(Parse("{ a: x b: x c: x }", limits), "the document has more than 2 aliases");
}

TEST_CASE("A constant value") {
  CHECK(ParseConstantValue(" [1, {a: B}] ", {}).value.items[1].fields[0].value.text == "B");
  CHECK_THROWS_AS(ParseConstantValue("$a", {}), Error);
  CHECK_THROWS_AS(ParseConstantValue("1 2", {}), Error);
  CHECK_THROWS_AS(ParseConstantValue("", {}), Error);
}
