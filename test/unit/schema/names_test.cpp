#include "schema/names.hpp"

#include <catch2/catch.hpp>

using namespace threefactor::schema;

namespace {

Column MakeColumn(std::string name, bool not_null) {
  Column column;
  column.name = name;
  column.graphql_name = std::move(name);
  column.not_null = not_null;
  return column;
}

Table MakeTable(std::string name, std::vector<Column> columns) {
  Table table;
  table.schema = "public";
  table.name = name;
  table.graphql_name = std::move(name);
  table.columns = std::move(columns);
  return table;
}

std::vector<std::string> Names(const Table& table) {
  std::vector<std::string> names;
  for (const Relationship& relationship : table.relationships) names.push_back(relationship.name);
  return names;
}

}  // namespace

TEST_CASE("Tables outside public carry their schema's name") {
  CHECK(TableName("public", "orders") == "orders");
  CHECK(TableName("other", "notes") == "other_notes");
}

TEST_CASE("Singular and plural") {
  const auto [one, many] = GENERATE(table<std::string, std::string>({
      {"order", "orders"},        {"item", "items"},        {"menu_item", "menu_items"},
      {"category", "categories"}, {"address", "addresses"}, {"status", "statuses"},
      {"box", "boxes"},           {"branch", "branches"},   {"person", "people"},
      {"child", "children"},      {"movie", "movies"},      {"analysis", "analyses"},
      {"database", "databases"},  {"house", "houses"},      {"day", "days"},
      {"shelf", "shelves"},       {"hero", "heroes"},       {"orderItem", "orderItems"},
      {"sale", "sales"},          {"news", "news"},         {"user_data", "user_data"},
      {"Person", "People"},
  }));
  CHECK(Singularize(many) == one);
  CHECK(Singularize(one) == one);
  CHECK(Pluralize(one) == many);
  CHECK(Pluralize(many) == many);
}

TEST_CASE("A foreign key makes an object relationship and an array relationship") {
  std::vector<Table> tables{MakeTable("orders", {MakeColumn("order_id", true)}),
                            MakeTable("items", {MakeColumn("id", true), MakeColumn("order_id", true)})};
  AddRelationships(tables, {{1, {1}, 0, {0}}});
  REQUIRE(Names(tables[1]) == std::vector<std::string>{"order"});
  CHECK_FALSE(tables[1].relationships[0].is_array);
  CHECK_FALSE(tables[1].relationships[0].nullable);
  REQUIRE(Names(tables[0]) == std::vector<std::string>{"items"});
  CHECK(tables[0].relationships[0].is_array);
  CHECK(tables[0].relationships[0].columns == std::vector<std::pair<int, int>>{{0, 1}});
}

TEST_CASE("A nullable foreign key makes a nullable relationship; a unique one is one-to-one") {
  std::vector<Table> tables{MakeTable("users", {MakeColumn("id", true)}),
                            MakeTable("profiles", {MakeColumn("user_id", false)})};
  tables[1].unique_constraints.push_back({"profiles_user_id_key", {0}});
  AddRelationships(tables, {{1, {0}, 0, {0}}});
  CHECK(tables[1].relationships[0].nullable);
  REQUIRE(Names(tables[0]) == std::vector<std::string>{"profile"});
  CHECK_FALSE(tables[0].relationships[0].is_array);
  CHECK(tables[0].relationships[0].nullable);
}

TEST_CASE("Names that clash tell the columns, then count") {
  std::vector<Table> tables{
      MakeTable("users", {MakeColumn("id", true)}),
      MakeTable("articles", {MakeColumn("author_id", true), MakeColumn("editor_id", true), MakeColumn("user", false)})};
  AddRelationships(tables, {{1, {0}, 0, {0}}, {1, {1}, 0, {0}}, {1, {1}, 0, {0}}});
  CHECK(Names(tables[1]) == std::vector<std::string>{"userByAuthorId", "userByEditorId", "userByEditorId_1"});
  CHECK(Names(tables[0]) == std::vector<std::string>{"articles", "articlesByEditorId", "articlesByEditorId_1"});
}

TEST_CASE("A table that refers to itself gets both ends") {
  std::vector<Table> tables{MakeTable("employees", {MakeColumn("id", true), MakeColumn("manager_id", false)})};
  AddRelationships(tables, {{0, {1}, 0, {0}}});
  CHECK(Names(tables[0]) == std::vector<std::string>{"employee", "employees"});
}
