// What a role's type system contains.
#include "schema/type_system.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "unit/support/catalog.hpp"

using namespace threefactor;
using schema::FieldKind;
using schema::InputKind;
using schema::Schema;
using schema::Type;

namespace {

// "name: Type" of every field, argument lists left out.
std::vector<std::string> FieldsOf(const Schema& schema, std::string_view type) {
  std::vector<std::string> lines;
  for (const auto& field : schema.FindType(type)->fields) lines.push_back(field.name + ": " + field.type.ToString());
  return lines;
}

std::vector<std::string> InputsOf(const std::vector<schema::InputField>& fields) {
  std::vector<std::string> lines;
  for (const auto& field : fields) lines.push_back(field.name + ": " + field.type.ToString());
  return lines;
}

std::vector<std::string> InputsOf(const Schema& schema, std::string_view type) {
  return InputsOf(schema.FindType(type)->input_fields);
}

std::vector<std::string> ValuesOf(const Schema& schema, std::string_view type) {
  std::vector<std::string> names;
  for (const auto& value : schema.FindType(type)->values) names.push_back(value.name);
  return names;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("Roots of a role that may do everything") {
  const Schema& schema = test::OrdersSchema();
  const Lines query = {"items: [items!]!",
                       "items_aggregate: items_aggregate!",
                       "items_by_pk: items",
                       "number_orders: [number_orders!]!",
                       "number_orders_aggregate: number_orders_aggregate!",
                       "orders: [orders!]!",
                       "orders_aggregate: orders_aggregate!",
                       "orders_by_pk: orders"};
  CHECK(FieldsOf(schema, "query_root") == query);
  CHECK(FieldsOf(schema, "subscription_root") == query);
  CHECK(FieldsOf(schema, "mutation_root") ==
        Lines{"delete_items: items_mutation_response", "delete_items_by_pk: items",
              "delete_orders: orders_mutation_response", "delete_orders_by_pk: orders",
              "insert_items: items_mutation_response", "insert_items_one: items",
              "insert_orders: orders_mutation_response", "insert_orders_one: orders",
              "update_items: items_mutation_response", "update_items_by_pk: items",
              "update_items_many: [items_mutation_response]", "update_orders: orders_mutation_response",
              "update_orders_by_pk: orders", "update_orders_many: [orders_mutation_response]"});
  const Type& root = *schema.query();
  CHECK(InputsOf(root.FindField("orders")->arguments) == Lines{"distinct_on: [orders_select_column!]", "limit: Int",
                                                               "offset: Int", "order_by: [orders_order_by!]",
                                                               "where: orders_bool_exp"});
  CHECK(InputsOf(root.FindField("orders_by_pk")->arguments) == Lines{"order_id: String!"});
  const Type& mutation = *schema.mutation();
  CHECK(InputsOf(mutation.FindField("insert_orders")->arguments) ==
        Lines{"objects: [orders_insert_input!]!", "on_conflict: orders_on_conflict"});
  CHECK(InputsOf(mutation.FindField("insert_orders_one")->arguments) ==
        Lines{"object: orders_insert_input!", "on_conflict: orders_on_conflict"});
  CHECK(InputsOf(mutation.FindField("update_orders")->arguments) ==
        Lines{"_append: orders_append_input", "_delete_at_path: orders_delete_at_path_input",
              "_delete_elem: orders_delete_elem_input", "_delete_key: orders_delete_key_input",
              "_inc: orders_inc_input", "_prepend: orders_prepend_input", "_set: orders_set_input",
              "where: orders_bool_exp!"});
  CHECK(InputsOf(mutation.FindField("update_orders_by_pk")->arguments) ==
        Lines{"_append: orders_append_input", "_delete_at_path: orders_delete_at_path_input",
              "_delete_elem: orders_delete_elem_input", "_delete_key: orders_delete_key_input",
              "_inc: orders_inc_input", "_prepend: orders_prepend_input", "_set: orders_set_input",
              "pk_columns: orders_pk_columns_input!"});
  CHECK(InputsOf(mutation.FindField("delete_orders")->arguments) == Lines{"where: orders_bool_exp!"});
  CHECK(InputsOf(mutation.FindField("delete_orders_by_pk")->arguments) == Lines{"order_id: String!"});
}

TEST_CASE("Fields are bound to columns and relationships") {
  const Schema& schema = test::OrdersSchema();
  CHECK(FieldsOf(schema, "orders") == Lines{"created: timestamptz!", "details: jsonb", "items: [items!]!",
                                            "items_aggregate: items_aggregate!", "order_id: String!",
                                            "payment_valid: Boolean", "restaurant_id: Int!", "tags: [String!]",
                                            "total: numeric!", "user_id: String!"});
  CHECK(FieldsOf(schema, "items") == Lines{"id: Int!", "item: String!", "order: orders!", "order_id: String!"});
  const Type& orders = *schema.FindType("orders");
  CHECK(orders.description == "What users ordered");
  CHECK(orders.table == &schema.catalog().tables[0]);
  CHECK(orders.FindField("total")->column == &schema.catalog().tables[0].columns[4]);
  CHECK(InputsOf(orders.FindField("details")->arguments) == Lines{"path: String"});
  CHECK(orders.FindField("total")->arguments.empty());
  const schema::Field& items = *orders.FindField("items");
  CHECK(items.kind == FieldKind::kArrayRelationship);
  CHECK(items.table == &schema.catalog().tables[1]);
  CHECK(items.relationship == &schema.catalog().tables[0].relationships[0]);
  CHECK(InputsOf(items.arguments).size() == 5);
  CHECK(orders.FindField("items_aggregate")->kind == FieldKind::kArrayRelationshipAggregate);
  CHECK(schema.FindType("items")->FindField("order")->kind == FieldKind::kObjectRelationship);
}

TEST_CASE("Filters and orders") {
  const Schema& schema = test::OrdersSchema();
  CHECK(InputsOf(schema, "items_bool_exp") ==
        Lines{"_and: [items_bool_exp!]", "_not: items_bool_exp", "_or: [items_bool_exp!]", "id: Int_comparison_exp",
              "item: String_comparison_exp", "order: orders_bool_exp", "order_id: String_comparison_exp"});
  CHECK(schema.FindType("items_bool_exp")->FindInputField("order")->kind == InputKind::kCompareRows);
  CHECK(schema.FindType("orders_bool_exp")->FindInputField("items")->type.ToString() == "items_bool_exp");
  CHECK(InputsOf(schema, "Boolean_comparison_exp") == Lines{"_eq: Boolean", "_gt: Boolean", "_gte: Boolean",
                                                            "_in: [Boolean!]", "_is_null: Boolean", "_lt: Boolean",
                                                            "_lte: Boolean", "_neq: Boolean", "_nin: [Boolean!]"});
  const Type& text = *schema.FindType("String_comparison_exp");
  for (const char* name :
       {"_like", "_nlike", "_ilike", "_nilike", "_similar", "_nsimilar", "_regex", "_iregex", "_nregex", "_niregex"}) {
    CAPTURE(name);
    CHECK(text.FindInputField(name) != nullptr);
  }
  const Type& json = *schema.FindType("jsonb_comparison_exp");
  CHECK(json.FindInputField("_contains")->type.ToString() == "jsonb");
  CHECK(json.FindInputField("_has_key")->type.ToString() == "String");
  CHECK(json.FindInputField("_has_keys_all")->type.ToString() == "[String!]");
  const Type& array = *schema.FindType("String_array_comparison_exp");
  CHECK(array.FindInputField("_eq")->type.ToString() == "[String!]");
  CHECK(array.FindInputField("_in")->type.ToString() == "[[String!]!]");
  CHECK(array.FindInputField("_contains")->takes_array);
  CHECK(array.FindInputField("_like") == nullptr);

  CHECK(InputsOf(schema, "items_order_by") ==
        Lines{"id: order_by", "item: order_by", "order: orders_order_by", "order_id: order_by"});
  CHECK(ValuesOf(schema, "order_by") ==
        Lines{"asc", "asc_nulls_first", "asc_nulls_last", "desc", "desc_nulls_first", "desc_nulls_last"});
  CHECK(ValuesOf(schema, "items_select_column") == Lines{"id", "item", "order_id"});
}

TEST_CASE("Aggregates by kind of column") {
  const Schema& schema = test::OrdersSchema();
  CHECK(FieldsOf(schema, "orders_aggregate") == Lines{"aggregate: orders_aggregate_fields", "nodes: [orders!]!"});
  CHECK(FieldsOf(schema, "orders_aggregate_fields") ==
        Lines{"avg: orders_avg_fields", "count: Int!", "max: orders_max_fields", "min: orders_min_fields",
              "stddev: orders_stddev_fields", "stddev_pop: orders_stddev_pop_fields",
              "stddev_samp: orders_stddev_samp_fields", "sum: orders_sum_fields", "var_pop: orders_var_pop_fields",
              "var_samp: orders_var_samp_fields", "variance: orders_variance_fields"});
  CHECK(FieldsOf(schema, "orders_avg_fields") == Lines{"restaurant_id: Float", "total: Float"});
  CHECK(FieldsOf(schema, "orders_sum_fields") == Lines{"restaurant_id: Int", "total: numeric"});
  CHECK(FieldsOf(schema, "orders_max_fields") ==
        Lines{"created: timestamptz", "order_id: String", "restaurant_id: Int", "total: numeric", "user_id: String"});
  const schema::Field& total = *schema.FindType("orders_sum_fields")->FindField("total");
  CHECK(total.kind == FieldKind::kAggregateColumn);
  CHECK(total.aggregate_operator == "sum");
  const schema::Field& count = *schema.FindType("orders_aggregate_fields")->FindField("count");
  CHECK(InputsOf(count.arguments) == Lines{"columns: [orders_select_column!]", "distinct: Boolean"});
}

TEST_CASE("Inputs of mutations") {
  const Schema& schema = test::OrdersSchema();
  CHECK(InputsOf(schema, "items_insert_input") ==
        Lines{"id: Int", "item: String", "order: orders_obj_rel_insert_input", "order_id: String"});
  CHECK(InputsOf(schema, "items_inc_input") == Lines{"id: Int"});
  CHECK(InputsOf(schema, "items_pk_columns_input") == Lines{"id: Int!"});
  CHECK(InputsOf(schema, "items_on_conflict") ==
        Lines{"constraint: items_constraint!", "update_columns: [items_update_column!]!", "where: items_bool_exp"});
  CHECK(schema.FindType("items_on_conflict")->FindInputField("update_columns")->default_value == "[]");
  CHECK(ValuesOf(schema, "items_constraint") == Lines{"items_order_id_item_key", "items_pkey"});
  CHECK(ValuesOf(schema, "items_update_column") == Lines{"id", "item", "order_id"});
  CHECK(FieldsOf(schema, "items_mutation_response") == Lines{"affected_rows: Int!", "returning: [items!]!"});
}

TEST_CASE("A role that may only read has no mutations") {
  const auto schema = test::BuildSchemaOf(test::ReadOnlyOrdersCatalog());
  CHECK(schema->mutation() == nullptr);
  for (const char* name : {"mutation_root", "orders_insert_input", "orders_set_input", "orders_mutation_response",
                           "orders_on_conflict", "orders_constraint", "orders_update_column"}) {
    CAPTURE(name);
    CHECK(schema->FindType(name) == nullptr);
  }
  CHECK(schema->subscription() != nullptr);
}

TEST_CASE("Columns and tables that the role may not touch are absent") {
  schema::Catalog catalog = test::OrdersCatalog();
  schema::Table& orders = catalog.tables[0];
  orders.columns[1].may_select = false;  // user_id
  orders.columns[1].may_update = false;
  orders.columns[0].may_select = false;  // order_id, the primary key
  for (schema::Column& column : catalog.tables[1].columns) column.may_select = false;
  const auto schema = test::BuildSchemaOf(catalog);

  CHECK(schema->FindType("orders")->FindField("user_id") == nullptr);
  CHECK(schema->FindType("orders_bool_exp")->FindInputField("user_id") == nullptr);
  CHECK(schema->FindType("orders_order_by")->FindInputField("user_id") == nullptr);
  CHECK(schema->FindType("orders_select_column")->FindValue("user_id") == nullptr);
  CHECK(schema->FindType("orders_set_input")->FindInputField("user_id") == nullptr);
  CHECK(schema->FindType("orders_on_conflict") == nullptr);  // its constraint is on a column that is hidden
  CHECK(schema->FindType("orders_insert_input")->FindInputField("user_id") != nullptr);
  CHECK(schema->query()->FindField("orders_by_pk") == nullptr);
  CHECK(schema->mutation()->FindField("update_orders_by_pk") == nullptr);
  CHECK(schema->mutation()->FindField("delete_orders_by_pk") == nullptr);

  // Insertable but not readable: nothing comes back but the number of rows.
  CHECK(schema->query()->FindField("items") == nullptr);
  CHECK(schema->FindType("items") == nullptr);
  CHECK(schema->FindType("orders")->FindField("items") == nullptr);
  CHECK(schema->FindType("orders_bool_exp")->FindInputField("items") == nullptr);
  CHECK(schema->mutation()->FindField("insert_items") != nullptr);
  CHECK(schema->mutation()->FindField("insert_items_one") == nullptr);
  CHECK(schema->mutation()->FindField("insert_items")->FindArgument("on_conflict") == nullptr);
  CHECK(schema->mutation()->FindField("update_items") == nullptr);
  CHECK(schema->mutation()->FindField("delete_items") == nullptr);
  CHECK(FieldsOf(*schema, "items_mutation_response") == Lines{"affected_rows: Int!"});
}

TEST_CASE("What a relationship would have to read or write is asked for at both ends") {
  schema::Catalog catalog = test::OrdersCatalog();
  catalog.tables[0].relationships[0].after_parent = true;
  catalog.tables[0].columns[0].may_select = false;  // order_id, which items refer to
  auto schema = test::BuildSchemaOf(catalog);
  CHECK(schema->FindType("items") != nullptr);
  CHECK(schema->FindType("orders")->FindField("items") == nullptr);
  CHECK(schema->FindType("items_bool_exp")->FindInputField("order") == nullptr);
  CHECK(schema->FindType("items_order_by")->FindInputField("order") == nullptr);
  CHECK(schema->FindType("orders_insert_input")->FindInputField("items") == nullptr);
  CHECK(schema->FindType("orders_constraint") == nullptr);

  catalog.tables[0].columns[0].may_select = true;
  catalog.tables[1].columns[1].may_insert = false;  // items.order_id
  schema = test::BuildSchemaOf(catalog);
  CHECK(schema->FindType("orders")->FindField("items") != nullptr);
  CHECK(schema->FindType("orders_insert_input")->FindInputField("items") == nullptr);
}

TEST_CASE("What policies can hide is null at the other end of a relationship") {
  schema::Catalog catalog = test::OrdersCatalog();
  CHECK(test::BuildSchemaOf(catalog)->FindType("items")->FindField("order")->type.ToString() == "orders!");
  catalog.tables[0].hides_rows = true;
  CHECK(test::BuildSchemaOf(catalog)->FindType("items")->FindField("order")->type.ToString() == "orders");
}

TEST_CASE("A new value is made of the old one only where that may be read") {
  schema::Catalog catalog = test::OrdersCatalog();
  for (schema::Column& column : catalog.tables[0].columns)
    if (column.name == "total" || column.name == "details") column.may_select = false;
  const auto schema = test::BuildSchemaOf(catalog);
  CHECK(schema->FindType("orders_set_input")->FindInputField("total") != nullptr);
  CHECK(schema->FindType("orders_inc_input")->FindInputField("total") == nullptr);
  CHECK(schema->mutation()->FindField("update_orders")->FindArgument("_append") == nullptr);
}

TEST_CASE("An upsert without the right to update can only do nothing") {
  schema::Catalog catalog = test::OrdersCatalog();
  for (schema::Column& column : catalog.tables[1].columns) column.may_update = false;
  const auto schema = test::BuildSchemaOf(catalog);
  CHECK(ValuesOf(*schema, "items_update_column") == Lines{"_PLACEHOLDER"});
  CHECK(schema->mutation()->FindField("update_items") == nullptr);
}

TEST_CASE("Names that GraphQL has not are left out") {
  schema::Catalog catalog = test::OrdersCatalog();
  catalog.tables[0].columns[1].graphql_name = "user id";
  catalog.tables[0].columns[2].graphql_name = "__reserved";
  catalog.tables[1].graphql_name = "line-items";
  const auto schema = test::BuildSchemaOf(catalog);
  CHECK(FieldsOf(*schema, "orders") == Lines{"created: timestamptz!", "details: jsonb", "order_id: String!",
                                             "payment_valid: Boolean", "tags: [String!]", "total: numeric!"});
  CHECK(schema->query()->fields.size() == 5);
  REQUIRE(schema->omissions().size() == 1);
  CHECK(schema->omissions()[0].name == "items");
  CHECK(schema->omissions()[0].reason == "\"line-items\" is not a name in GraphQL");
}

TEST_CASE("Of root fields with one name that of a name given by hand stays, and the other is reported") {
  schema::Catalog catalog = test::OrdersCatalog();
  catalog.tables[2].root_names["select"] = "orders";
  const auto schema = test::BuildSchemaOf(catalog);
  REQUIRE(schema->omissions().size() == 1);
  CHECK(schema->omissions()[0].field == "orders");
  CHECK(schema->query()->FindField("orders")->table == &schema->catalog().tables[2]);
  CHECK(schema->query()->FindField("orders_by_pk") != nullptr);
}

TEST_CASE("Of two tables whose names clash the first has its place") {
  for (const char* name : {"orders_aggregate", "orders_by_pk", "orders", "order_by", "String", "query_root",
                           "Int_comparison_exp", "orders_sum_fields"}) {
    CAPTURE(name);
    schema::Catalog catalog = test::OrdersCatalog();
    catalog.tables[2].graphql_name = name;
    const auto schema = test::BuildSchemaOf(catalog);
    CHECK(schema->omissions().size() == 1);
    CHECK(schema->query()->fields.size() == 6);
  }
}

TEST_CASE("Without a table there is a placeholder, since an object type needs a field") {
  const auto schema = test::BuildSchemaOf({});
  CHECK(FieldsOf(*schema, "query_root") == Lines{"no_queries_available: String!"});
  CHECK(schema->subscription() == nullptr);
  CHECK(schema->mutation() == nullptr);
}

TEST_CASE("Everything is in alphabetical order") {
  const auto is_sorted = [](const auto& list) {
    return std::is_sorted(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  };
  for (const auto& [name, type] : test::OrdersSchema().types()) {
    CAPTURE(name);
    CHECK(type->name == name);
    CHECK(is_sorted(type->fields));
    CHECK(is_sorted(type->input_fields));
    CHECK(is_sorted(type->values));
    for (const auto& field : type->fields) CHECK(is_sorted(field.arguments));
    CHECK((type->kind == schema::TypeKind::kScalar || !type->fields.empty() || !type->input_fields.empty() ||
           !type->values.empty()));
  }
}
