// Operations as a whole: which one runs, what its fields become.
#include "validation/validate.hpp"

#include <catch2/catch.hpp>

#include "unit/support/validate.hpp"

using namespace threefactor;
using test::Failure;
using test::Validate;
using validation::Operation;
using validation::Selection;

TEST_CASE("A simple query is bound to the schema") {
  const Operation operation = Validate("query Q { o: orders(limit: 2) { order_id __typename items { item } } }");
  REQUIRE(operation.kind == Operation::Kind::kQuery);
  REQUIRE(operation.name == "Q");
  REQUIRE(operation.selections.size() == 1);
  const Selection& orders = operation.selections[0];
  CHECK(orders.response_key == "o");
  CHECK(orders.path == "$.selectionSet.o");
  CHECK(orders.field->kind == schema::FieldKind::kSelect);
  CHECK(orders.field->table->name == "orders");
  CHECK(orders.parent->name == "query_root");
  REQUIRE(orders.FindArgument("limit") != nullptr);
  CHECK(orders.FindArgument("limit")->text == "2");
  CHECK(orders.FindArgument("offset") == nullptr);
  REQUIRE(orders.selections.size() == 3);
  CHECK(orders.selections[0].field->column->name == "order_id");
  CHECK(orders.selections[1].field->kind == schema::FieldKind::kTypename);
  CHECK(orders.selections[1].parent->name == "orders");
  CHECK(orders.selections[2].field->kind == schema::FieldKind::kArrayRelationship);
  CHECK(orders.selections[2].selections[0].path == "$.selectionSet.o.selectionSet.items.selectionSet.item");
}

TEST_CASE("The operation is chosen by its name") {
  const std::string_view two = "query A { __typename } mutation B { delete_items(where: {}) { affected_rows } }";
  CHECK(Validate(two, {.operation_name = "B"}).kind == Operation::Kind::kMutation);
  CHECK(Validate(two, {.operation_name = "A"}).kind == Operation::Kind::kQuery);
  CHECK(Failure(two) ==
        "validation-failed $: exactly one operation has to be present in the document when operationName is not "
        "specified");
  CHECK(Failure(two, {.operation_name = "C"}) == "validation-failed $: no such operation found in the document: \"C\"");
  CHECK(Failure("{ __typename }", {.operation_name = "A"}) ==
        "validation-failed $: operationName cannot be used when an anonymous operation exists in the document");
  CHECK(Failure("query A { __typename } query A { __typename }", {.operation_name = "A"}) ==
        "validation-failed $: there are multiple operations named \"A\"");
}

TEST_CASE("Fields that do not exist, and leaves taken for objects") {
  CHECK(Failure("{ nothing }") ==
        "validation-failed $.selectionSet.nothing: field \"nothing\" not found in type: "
        "'query_root'");
  CHECK(Failure("{ orders { x: nothing } }") ==
        "validation-failed $.selectionSet.orders.selectionSet.x: field \"nothing\" not found in type: 'orders'");
  CHECK(Failure("{ orders }") ==
        "validation-failed $.selectionSet.orders.selectionSet: missing selection set for \"orders\"");
  CHECK(Failure("{ orders { order_id { x } } }") ==
        "validation-failed $.selectionSet.orders.selectionSet.order_id: unexpected subselection set for non-object "
        "field");
}

TEST_CASE("Roots that a role does not have") {
  const auto read_only = test::BuildSchemaOf(test::ReadOnlyOrdersCatalog());
  CHECK(Failure("mutation { delete_items(where: {}) { affected_rows } }", {.schema = read_only.get()}) ==
        "validation-failed $: no mutations exist");
  const auto nothing = test::BuildSchemaOf({});
  CHECK(Validate("{ no_queries_available }", {.schema = nothing.get()}).selections[0].field->kind ==
        schema::FieldKind::kPlaceholder);
  CHECK(Failure("subscription { x }", {.schema = nothing.get()}) == "validation-failed $: no subscriptions exist");
}

TEST_CASE("A subscription has one root field") {
  CHECK(Validate("subscription { ...F } fragment F on subscription_root { orders { order_id } }").selections.size() ==
        1);
  const std::string expected = "validation-failed $: subscriptions must select one top level field";
  CHECK(Failure("subscription { orders { order_id } items { id } }") == expected);
  CHECK(Failure("subscription { orders { order_id } __typename }") == expected);
  CHECK(Failure("subscription { orders @skip(if: true) { order_id } }") == expected);
}

TEST_CASE("Introspection fields are only on the query root") {
  CHECK(Failure("{ __schema { queryType { name } } __type(name: \"orders\") { name } }") == "none");
  CHECK(Failure("subscription { __schema { queryType { name } } }") ==
        "validation-failed $.selectionSet.__schema: field \"__schema\" not found in type: 'subscription_root'");
  CHECK(Failure("{ orders { __type(name: \"orders\") { name } } }") ==
        "validation-failed $.selectionSet.orders.selectionSet.__type: field \"__type\" not found in type: 'orders'");
}
