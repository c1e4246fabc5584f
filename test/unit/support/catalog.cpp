#include "unit/support/catalog.hpp"

#include <utility>

namespace threefactor::test {

namespace {

using schema::Column;

Column MakeColumn(std::string name, std::string scalar, std::string sql_type, bool not_null) {
  Column column;
  column.name = name;
  column.graphql_name = std::move(name);
  column.scalar = std::move(scalar);
  column.sql_type = std::move(sql_type);
  column.not_null = not_null;
  column.is_numeric = column.scalar == "Int" || column.scalar == "bigint" || column.scalar == "numeric";
  column.is_text = column.scalar == "String";
  column.is_jsonb = column.scalar == "jsonb";
  column.is_json = column.is_jsonb;
  column.is_comparable = column.scalar != "jsonb" && column.scalar != "Boolean";
  column.may_select = true;
  column.may_insert = true;
  column.may_update = true;
  return column;
}

schema::Table MakeTable(schema::Oid oid, std::string name, std::vector<Column> columns) {
  schema::Table table;
  table.oid = oid;
  table.schema = "public";
  table.name = name;
  table.graphql_name = std::move(name);
  table.columns = std::move(columns);
  table.is_insertable = true;
  table.is_updatable = true;
  table.is_deletable = true;
  table.reads = {oid};
  return table;
}

}  // namespace

schema::Catalog OrdersCatalog() {
  Column tags = MakeColumn("tags", "String", "text[]", false);
  tags.is_array = true;
  tags.is_text = false;
  schema::Table orders = MakeTable(
      1, "orders",
      {MakeColumn("order_id", "String", "text", true), MakeColumn("user_id", "String", "text", true),
       MakeColumn("restaurant_id", "Int", "integer", true), MakeColumn("payment_valid", "Boolean", "boolean", false),
       MakeColumn("total", "numeric", "numeric", true), MakeColumn("details", "jsonb", "jsonb", false), tags,
       MakeColumn("created", "timestamptz", "timestamp with time zone", true)});
  orders.comment = "What users ordered";
  orders.primary_key = {"orders_pkey", {0}};
  orders.relationships.push_back({"items", true, true, 1, {{0, 1}}, false, false, ""});

  schema::Table items =
      MakeTable(2, "items",
                {MakeColumn("id", "Int", "integer", true), MakeColumn("order_id", "String", "text", true),
                 MakeColumn("item", "String", "text", true)});
  items.primary_key = {"items_pkey", {0}};
  items.unique_constraints.push_back({"items_order_id_item_key", {1, 2}});
  items.relationships.push_back({"order", false, false, 0, {{1, 0}}, false, false, ""});

  schema::Table number_orders = MakeTable(3, "number_orders", {MakeColumn("count", "bigint", "bigint", false)});
  number_orders.is_insertable = false;
  number_orders.is_updatable = false;
  number_orders.is_deletable = false;
  number_orders.reads = {1, 3};

  schema::Catalog catalog;
  catalog.tables = {std::move(orders), std::move(items), std::move(number_orders)};
  return catalog;
}

schema::Catalog ReadOnlyOrdersCatalog() {
  schema::Catalog catalog = OrdersCatalog();
  for (schema::Table& table : catalog.tables) {
    table.is_insertable = false;
    table.is_updatable = false;
    table.is_deletable = false;
    for (Column& column : table.columns) column.may_insert = column.may_update = false;
  }
  return catalog;
}

std::shared_ptr<const schema::Schema> BuildSchemaOf(schema::Catalog catalog) {
  return schema::BuildSchema(std::make_shared<const schema::Catalog>(std::move(catalog)));
}

const schema::Schema& OrdersSchema() {
  static const std::shared_ptr<const schema::Schema> schema = BuildSchemaOf(OrdersCatalog());
  return *schema;
}

}  // namespace threefactor::test
