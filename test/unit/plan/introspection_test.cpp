#include "plan/introspection.hpp"

#include <rapidjson/document.h>

#include <catch2/catch.hpp>

#include "unit/support/validate.hpp"

using namespace threefactor;

namespace {

std::string Introspect(std::string_view text, const schema::Schema& schema = test::OrdersSchema()) {
  const auto operation = test::Validate(text, {.schema = &schema});
  return plan::Introspect(schema, operation.selections.at(0));
}

}  // namespace

TEST_CASE("__type tells what a type is made of") {
  CHECK(Introspect(R"({ __type(name: "items") { __typename kind name fields { name type { ...T } } inputFields { name }
                                  enumValues { name } possibleTypes { name } interfaces { name } ofType { name } } }
                      fragment T on __Type { kind name ofType { kind name } })") ==
        R"({"__typename":"__Type","kind":"OBJECT","name":"items","fields":[)"
        R"({"name":"id","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"SCALAR","name":"Int"}}},)"
        R"({"name":"item","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"SCALAR","name":"String"}}},)"
        R"({"name":"order","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"OBJECT","name":"orders"}}},)"
        R"({"name":"order_id","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"SCALAR","name":"String"}}}],)"
        R"("inputFields":null,"enumValues":null,"possibleTypes":null,"interfaces":[],"ofType":null})");
  CHECK(Introspect(R"({ __type(name: "nothing") { name } })") == "null");
}

TEST_CASE("Input values have their defaults") {
  CHECK(Introspect(R"({ __type(name: "items_on_conflict") { isOneOf inputFields(includeDeprecated: true)
                        { n: name defaultValue isDeprecated deprecationReason } } })") ==
        R"({"isOneOf":false,"inputFields":[)"
        R"({"n":"constraint","defaultValue":null,"isDeprecated":false,"deprecationReason":null},)"
        R"({"n":"update_columns","defaultValue":"[]","isDeprecated":false,"deprecationReason":null},)"
        R"({"n":"where","defaultValue":null,"isDeprecated":false,"deprecationReason":null}]})");
}

TEST_CASE("__schema lists roots, types and directives") {
  CHECK(Introspect("{ __schema { description queryType { name } mutationType { name } subscriptionType { name } } }") ==
        R"({"description":null,"queryType":{"name":"query_root"},"mutationType":{"name":"mutation_root"},)"
        R"("subscriptionType":{"name":"subscription_root"}})");
  const auto read_only = test::BuildSchemaOf(test::ReadOnlyOrdersCatalog());
  CHECK(Introspect("{ __schema { mutationType { name } } }", *read_only) == R"({"mutationType":null})");
  CHECK(Introspect("{ __schema { directives { name isRepeatable locations args { name } } } }")
            .find(R"({"name":"include","isRepeatable":false,"locations":["FIELD","FRAGMENT_SPREAD","INLINE_FRAGMENT"],)"
                  R"("args":[{"name":"if"}]})") != std::string::npos);

  rapidjson::Document answer;
  answer.Parse(Introspect("{ __schema { types { name } } }"));
  REQUIRE_FALSE(answer.HasParseError());
  const auto& types = answer["types"];
  REQUIRE(types.Size() == test::OrdersSchema().types().size());
  for (rapidjson::SizeType i = 1; i < types.Size(); ++i) {
    CHECK(std::string(types[i - 1]["name"].GetString()) < types[i]["name"].GetString());
  }
}

TEST_CASE("Introspection does not multiply") {
  CHECK_NOTHROW(Introspect("{ __schema { types { fields { type { fields { name } } } } } }"));
  CHECK_THROWS_WITH(Introspect("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"),
                    "maximum introspection depth exceeded");
}
