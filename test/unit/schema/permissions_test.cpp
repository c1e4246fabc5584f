#include <algorithm>

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "schema/catalog.hpp"
#include "schema/type_system.hpp"
#include "unit/support/catalog.hpp"

using namespace threefactor;
using schema::BackendOnly;
using schema::WithPermissions;

namespace {

std::shared_ptr<const schema::Catalog> All() {
  return std::make_shared<schema::Catalog>(test::OrdersCatalog());
}

bool HasField(const schema::Schema& schema, const char* type, const char* field) {
  const schema::Type* found = schema.FindType(type);
  return found != nullptr && schema.FindField(*found, field) != nullptr;
}

bool HasInput(const schema::Schema& schema, const char* type, std::string_view input) {
  const schema::Type* found = schema.FindType(type);
  return found != nullptr && std::any_of(found->input_fields.begin(), found->input_fields.end(),
                                         [&](const schema::InputField& each) { return each.name == input; });
}

}  // namespace

TEST_CASE("A role without a permission in the metadata keeps what its privileges give", "[permissions]") {
  const auto all = All();
  CHECK(WithPermissions(all, "", BackendOnly::kWithout) == all);
  const auto schema =
      schema::BuildSchema(WithPermissions(all, R"([[2, false, 1, false, [], [], [], []]])", BackendOnly::kWithout));
  CHECK(HasField(*schema, "query_root", "items_aggregate"));  // its SELECT is none of the permission's
  CHECK(HasField(*schema, "query_root", "items"));
}

TEST_CASE("A role that may not aggregate has no field, filter or order of aggregates", "[permissions]") {
  const auto schema = schema::BuildSchema(
      WithPermissions(All(), R"([[2, true, 3, false, null, null, [], []]])", BackendOnly::kWithout));
  CHECK(HasField(*schema, "query_root", "items"));
  CHECK(HasField(*schema, "orders", "items"));
  CHECK_FALSE(HasField(*schema, "query_root", "items_aggregate"));
  CHECK_FALSE(HasField(*schema, "subscription_root", "items_aggregate"));
  CHECK_FALSE(HasField(*schema, "orders", "items_aggregate"));
  CHECK_FALSE(HasInput(*schema, "orders_bool_exp", "items_aggregate"));
  CHECK_FALSE(HasInput(*schema, "orders_order_by", "items_aggregate"));
  for (const auto& [name, type] : schema->types()) {
    CAPTURE(name);
    CHECK_FALSE(name.starts_with("items_aggregate"));
  }
  CHECK(HasField(*schema, "query_root", "orders_aggregate"));  // of another table
  CHECK(schema->catalog().tables[1].row_limit == 3);
  CHECK_FALSE(schema->catalog().tables[0].row_limit);
}

TEST_CASE("Root fields are those that the permission lists, of queries and subscriptions apart", "[permissions]") {
  const auto schema = schema::BuildSchema(
      WithPermissions(All(), R"([[2, true, null, true, ["select_by_pk"], ["select", "select_stream"], [], []]])",
                      BackendOnly::kWithout));
  CHECK_FALSE(HasField(*schema, "query_root", "items"));
  CHECK_FALSE(HasField(*schema, "query_root", "items_aggregate"));
  CHECK(HasField(*schema, "query_root", "items_by_pk"));
  CHECK(HasField(*schema, "subscription_root", "items"));
  CHECK_FALSE(HasField(*schema, "subscription_root", "items_by_pk"));
  CHECK(HasField(*schema, "orders", "items_aggregate"));  // no root field
}

TEST_CASE("What is for backends only is not there for others, nested inserts and upserts included", "[permissions]") {
  const char* permissions = R"([[2, true, null, true, null, null, [], ["insert", "update", "delete"]]])";
  const auto without = schema::BuildSchema(WithPermissions(All(), permissions, BackendOnly::kWithout));
  const auto with = schema::BuildSchema(WithPermissions(All(), permissions, BackendOnly::kWith));
  for (const char* field : {"insert_items", "insert_items_one", "update_items", "update_items_many",
                            "update_items_by_pk", "delete_items", "delete_items_by_pk"}) {
    CAPTURE(field);
    CHECK_FALSE(HasField(*without, "mutation_root", field));
    CHECK(HasField(*with, "mutation_root", field));
  }
  CHECK_FALSE(HasInput(*without, "orders_insert_input", "items"));
  CHECK(HasInput(*with, "orders_insert_input", "items"));
  CHECK(HasField(*without, "mutation_root", "insert_orders"));
}

TEST_CASE("Computed fields of values are those that the permission lists; rows follow from their table",
          "[permissions]") {
  auto all = std::make_shared<schema::Catalog>(test::OrdersCatalog());
  for (const char* name : {"label", "secret", "siblings"}) {
    schema::ComputedField field;
    field.name = name;
    field.function.table = field.name == "siblings" ? 1 : -1;
    all->tables[1].computed_fields.push_back(field);
  }
  const auto seen =
      WithPermissions(all, R"([[2, true, null, true, null, null, ["label"], []]])", BackendOnly::kWithout);
  REQUIRE(seen->tables[1].computed_fields.size() == 2);
  CHECK(seen->tables[1].computed_fields[0].name == "label");
  CHECK(seen->tables[1].computed_fields[1].name == "siblings");
}

TEST_CASE("Limits past what a request may ask for are none", "[permissions]") {
  const auto seen =
      WithPermissions(All(), R"([[2, true, 99999999999, true, null, null, [], []]])", BackendOnly::kWithout);
  CHECK_FALSE(seen->tables[1].row_limit);
}

TEST_CASE("Permissions of another shape are refused", "[permissions]") {
  for (const char* document :
       {"[", "{}", "[[2]]", R"([[2, true, "3", true, null, null, [], []]])",
        R"([[2, true, -1, true, null, null, [], []]])", R"([[2, true, 1, 1, null, null, [], []]])"}) {
    CAPTURE(document);
    CHECK_THROWS_AS(WithPermissions(All(), document, BackendOnly::kWithout), Error);
  }
}
