// Documents made to cost more than they say. Each is refused, or answered, by a limit and not by luck: at these sizes
// anything quadratic or exponential would not end. The rules by themselves: test/validate.
#include <string>

#include <catch2/catch.hpp>

#include "unit/support/validate.hpp"

namespace threefactor {

namespace {

using test::Failure;

std::string Times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

std::string Numbered(int count, const std::string& before, const std::string& after) {
  std::string all;
  for (int i = 0; i < count; ++i) all += before + std::to_string(i) + after;
  return all;
}

// The limits that others stop at first are raised, so that the one which is meant is reached.
test::Question Raised() {
  test::Question question;
  question.limits.tokens = 1'000'000;
  question.limits.aliases = 1'000'000;
  question.limits.root_fields = 1'000'000;
  return question;
}

}  // namespace

TEST_CASE("attack: aliases") {
  CHECK(Failure("{ " + Numbered(10'000, "a", ": __typename ") + "}") ==
        "validation-failed $.query: the document has more than 1000 aliases");
  CHECK(Failure("{ orders { " + Numbered(15'000, "a", ": total ") + "} }", Raised()) ==
        "validation-failed $: the operation selects more than 10000 fields");
}

TEST_CASE("attack: the same field, again and again") {
  CHECK(Failure("{ orders { " + Times(9'000, "total ") + "} }") == "none");
  CHECK(Failure("{ orders { " + Times(19'000, "total ") + "} }") ==
        "validation-failed $: the operation selects more than 10000 fields");
  CHECK(Failure("{ orders { " + Times(4'000, "items { id } ") + "} }") == "none");
  CHECK(Failure("{ orders { " + Times(20'000, "total ") + "} }") ==
        "validation-failed $.query: the document has more than 20000 tokens");
}

TEST_CASE("attack: fields that overlap, deep down and by way of fragments") {
  std::string nested = "total";
  for (int i = 0; i < 10; ++i) nested = "items { order { " + nested + " } } items { order { " + nested + " } }";
  CHECK(Failure("{ orders { " + nested + " } }") == "none");
  for (int i = 0; i < 3; ++i) nested = "items { order { " + nested + " } } items { order { " + nested + " } }";
  CHECK(Failure("{ orders { " + nested + " } }", Raised()) ==
        "validation-failed $: the operation selects more than 10000 fields");

  std::string spreads = "{ orders { ...F0 } }";
  for (int i = 0; i < 60; ++i) {
    spreads += " fragment F" + std::to_string(i) + " on orders { " + Numbered(60, "...F", " ") + "total }";
  }
  spreads += " ";
  CHECK(Failure(spreads).find("cycle") != std::string::npos);

  CHECK(Failure("{ orders { " + Times(4'000, "x: total ") + "x: user_id } }", Raised()) ==
        "validation-failed $.selectionSet.orders.selectionSet: selection of both \"total\" and \"user_id\" specify the "
        "same response name, \"x\"");
}

TEST_CASE("attack: directives") {
  CHECK(Failure("{ orders { total " + Times(2'000, "@skip(if: false) ") + "} }") ==
        "validation-failed $.selectionSet.orders.selectionSet: the following directives are used more than once: "
        "skip");
  CHECK(Failure("{ orders { total " + Numbered(9'000, "@d", " ") + "} }") ==
        "validation-failed $.selectionSet.orders.selectionSet: directive \"d0\" is not defined in the schema");
}

TEST_CASE("attack: variables and arguments") {
  CHECK(Failure("query (" + Numbered(4'000, "$v", ": Int ") + ") { orders { total } }") == "none");
  CHECK(Failure("{ orders(" + Times(6'000, "limit: 1 ") + ") { total } }") ==
        "validation-failed $.selectionSet.orders.args.limit: argument \"limit\" is given more than once");
  CHECK(Failure("{ orders(where: {" + Times(4'000, "total: {} ") + "}) { total } }") ==
        "validation-failed $.selectionSet.orders.args.where.total: field \"total\" is given more than once");
}

TEST_CASE("attack: numbers and characters that there are not") {
  for (const char* limit : {"2147483648", "9223372036854775808", "1e400", "-1", "1.5", "NaN"}) {
    CHECK(Failure(std::string("{ orders(limit: ") + limit + ") { total } }").find(".limit: ") != std::string::npos);
  }
  CHECK(Failure("{ orders(offset: 9223372036854775808) { total } }") != "none");
  for (const char* lone : {R"("\uD800")", R"("\uDC00")", R"("\uD800x")", R"("\uD800\uD800")", R"("\u{DFFF}")"}) {
    CHECK(Failure(std::string("{ orders(where: {order_id: {_eq: ") + lone + "}}) { total } }") ==
          "validation-failed $.query: not a valid graphql query");
  }
}

}  // namespace threefactor
