// Fragments, merging of fields, and directives.
#include <catch2/catch.hpp>

#include "unit/support/validate.hpp"

using namespace threefactor;
using test::Failure;
using test::Validate;

namespace {

std::vector<std::string> Keys(const std::vector<validation::Selection>& selections) {
  std::vector<std::string> keys;
  for (const auto& selection : selections) keys.push_back(selection.response_key);
  return keys;
}

std::vector<std::string> KeysOfOrders(std::string_view selections, const test::Question& question = {}) {
  return Keys(Validate("query ($yes: Boolean = true, $no: Boolean = false) { orders { " + std::string(selections) +
                           " a: user_id @include(if: $yes) @skip(if: $no) } }",
                       question)
                  .selections.at(0)
                  .selections);
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("Fragments are inlined and merged in the order of first mention") {
  const auto operation = Validate(R"(
    { ...Root orders { created items { id } } }
    fragment Root on query_root { orders { order_id ...Order } }
    fragment Order on orders { items { item ... { id } ... on items { order { total } } } user_id })");
  REQUIRE(Keys(operation.selections) == Strings{"orders"});
  const auto& orders = operation.selections[0].selections;
  CHECK(Keys(orders) == Strings{"order_id", "items", "user_id", "created"});
  CHECK(Keys(orders[1].selections) == Strings{"item", "id", "order"});
  CHECK(orders[1].selections[2].selections[0].path ==
        "$.selectionSet.orders.selectionSet.items.selectionSet.order.selectionSet.total");
}

TEST_CASE("Many fields are merged as few are") {
  std::string text = "{ orders {";
  for (int i = 0; i < 40; ++i) text += " f" + std::to_string(i % 20) + ": user_id";
  const auto operation = Validate(text + " } }");
  const auto keys = Keys(operation.selections[0].selections);
  REQUIRE(keys.size() == 20);
  CHECK(keys[0] == "f0");
  CHECK(keys[19] == "f19");
}

TEST_CASE("Mentions of one response key must ask for the same") {
  CHECK(Failure("{ orders { x: user_id x: order_id } }") ==
        "validation-failed $.selectionSet.orders.selectionSet: selection of both \"user_id\" and \"order_id\" specify "
        "the same response name, \"x\"");
  CHECK(Failure("{ orders(limit: 1) { user_id } orders(limit: 2) { user_id } }") ==
        "validation-failed $.selectionSet: inconsistent arguments between multiple selections of field \"orders\"");
  CHECK(Failure("{ orders(limit: 1) { user_id } orders { user_id } }") != "none");
  CHECK(Failure("{ orders(limit: 1, where: {total: {_gt: 1}, user_id: {_in: [\"a\"]}}) { user_id }\n"
                "  orders(where: {user_id: {_in: [\"a\"]}, total: {_gt: 1}}, limit: 1) { order_id } }") == "none");
}

TEST_CASE("Fragments that cannot be used") {
  CHECK(Failure("{ orders { ...F } }") ==
        "validation-failed $.selectionSet.orders.selectionSet: reference to undefined fragment \"F\"");
  CHECK(Failure("{ orders { ...F } } fragment G on orders { user_id }") ==
        "validation-failed $.selectionSet.orders.selectionSet: reference to undefined fragment \"F\"");
  CHECK(Failure("{ orders { ... on items { id } } }") ==
        "validation-failed $.selectionSet.orders.selectionSet: a fragment on 'items' cannot be used where the type is "
        "'orders'");
  CHECK(Failure("{ orders { ... on thing { id } } }") ==
        "validation-failed $.selectionSet.orders.selectionSet: no such type exists in the schema: 'thing'");
  CHECK(Failure("{ __typename } fragment F on orders { user_id } fragment F on orders { total }") ==
        "parse-failed $: multiple definitions for fragment \"F\"");
}

TEST_CASE("Fragments may not form a cycle") {
  CHECK(
      Failure("{ orders { ...A } } fragment A on orders { user_id items { ...B } } fragment B on items { order { ...A "
              "} }") ==
      "validation-failed $.selectionSet.orders.selectionSet.A.selectionSet.items.selectionSet.B.selectionSet.order."
      "selectionSet: the fragment definition(s) A and B form a cycle");
  CHECK(Failure("{ orders { ...A } } fragment A on orders { ...A }") ==
        "validation-failed $.selectionSet.orders.selectionSet.A.selectionSet: the fragment definition(s) A form a "
        "cycle");
}

TEST_CASE("Fragments do not grow without bound") {
  std::string doubling = "{ orders { ...F0 } }";
  for (int i = 0; i < 25; ++i) {
    doubling += " fragment F" + std::to_string(i) + " on orders { a: items { order { ...F" + std::to_string(i + 1) +
                " } } b: items { order { ...F" + std::to_string(i + 1) + " } } }";
  }
  doubling += " fragment F25 on orders { user_id }";
  test::Question question;
  question.limits.depth = 200;
  CHECK(Failure(doubling, question) == "validation-failed $: the operation selects more than 10000 fields");

  std::string chain = "{ orders { ...F0 } }";
  for (int i = 0; i < 1000; ++i) {
    chain += " fragment F" + std::to_string(i) + " on orders { ...F" + std::to_string(i + 1) + " }";
  }
  chain += " fragment F1000 on orders { user_id }";
  CHECK(Failure(chain).find("the document is nested deeper than 64 levels") != std::string::npos);
}

TEST_CASE("@skip and @include") {
  CHECK(KeysOfOrders("user_id @skip(if: true)") == Strings{"a"});
  CHECK(KeysOfOrders("user_id @include(if: false)") == Strings{"a"});
  CHECK(KeysOfOrders("user_id @skip(if: $no) @include(if: $yes)") == Strings{"user_id", "a"});
  CHECK(KeysOfOrders("... @include(if: $no) { user_id }") == Strings{"a"});
  CHECK(KeysOfOrders("... on orders @skip(if: $yes) { user_id }") == Strings{"a"});
  CHECK(KeysOfOrders("user_id @include(if: $no) user_id") == Strings{"user_id", "a"});
  CHECK(KeysOfOrders("user_id", {.variables = R"({"yes": false})"}) == Strings{"user_id"});
  CHECK(Failure("{ orders { ...F @skip(if: true) user_id } } fragment F on orders { total }") == "none");
}

TEST_CASE("Directives that are not what they should be") {
  const std::string at = "validation-failed $.selectionSet: ";
  CHECK(Failure("{ orders @exclude(if: true) { user_id } }") ==
        at + "directive \"exclude\" is not defined in the schema");
  CHECK(Failure("query @include(if: true) { orders { user_id } }") ==
        "validation-failed $: directive \"include\" is not allowed on a query");
  CHECK(Failure("{ orders @cached { user_id } }") == at + "directive \"cached\" is not allowed on a field");
  CHECK(Failure("{ orders @include(if: true) @include(if: true) { user_id } }") ==
        at + "the following directives are used more than once: include");
  CHECK(Failure("{ orders @include { user_id } }") ==
        "validation-failed $.selectionSet.include.args.if: missing required field \"if\"");
  CHECK(Failure("{ orders @skip(if: true, x: 1) { user_id } }") ==
        "validation-failed $.selectionSet.skip: \"skip\" has no argument named \"x\"");
  CHECK(Failure("{ orders @skip(if: \"true\") { user_id } }") ==
        "validation-failed $.selectionSet.skip.args.if: expected a boolean for type \"Boolean\", but found a "
        "string");
  CHECK(Failure("{ orders @skip(if: null) { user_id } }") ==
        "validation-failed $.selectionSet.skip.args.if: expected a boolean for type \"Boolean\", but found null");
  CHECK(Failure("query @cached(ttl: 5) { orders { user_id } }") == "none");
  CHECK(Failure("query @cached { orders { user_id } }") == "none");
}

TEST_CASE("The number of root fields is limited") {
  test::Question question;
  question.limits.root_fields = 2;
  CHECK(Failure("{ a: __typename b: __typename a: __typename }", question) == "none");
  CHECK(Failure("{ a: __typename b: __typename c: __typename }", question) ==
        "validation-failed $: the operation has more than 2 root fields");
}
