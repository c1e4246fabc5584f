#include "schema/catalog.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace threefactor::schema;

namespace {

// A column as the query writes it: number, name, not null, type schema, type, kind, array, SQL type, comment, fixed,
// insert, update.
constexpr std::string_view kDocument = R"({"extension_version": "0.1", "tables": [
  {"oid": 16400, "schema": "public", "name": "items", "comment": "what is ordered",
   "insertable": true, "updatable": true, "deletable": true, "runs_expressions": false,
   "columns": [[1, "id", true, "pg_catalog", "int4", "b", false, "integer", "", true, true, true],
               [3, "order_id", true, "pg_catalog", "text", "b", false, "text", "", false, true, false],
               [4, "tags", false, "pg_catalog", "text", "b", true, "text[]", "", false, false, false],
               [5, "has space", false, "pg_catalog", "bool", "b", false, "boolean", "", false, true, true],
               [7, "brand", false, "public", "citext", "b", false, "public.citext", "", false, true, true],
               [8, "brands", false, "public", "citext", "b", true, "public.citext[]", "", false, true, true],
               [6, "mood", false, "public", "Mood Of", "e", false, "public.\"Mood Of\"", "", false, true, true]],
   "keys": [{"name": "items_pkey", "primary": true, "columns": [1]},
            {"name": "items_key", "primary": false, "columns": [3, 1]}],
   "reads": [16400]},
  {"oid": 16410, "schema": "public", "name": "orders", "comment": "", "insertable": false, "updatable": false,
   "deletable": false, "runs_expressions": true, "columns": [[1, "order_id", true, "pg_catalog", "text", "b", false, "text", "", false, true, true]], "keys": [], "reads": [16410, 16420]},
  {"oid": 16430, "schema": "public", "name": "odd name", "comment": "", "insertable": false, "updatable": false,
   "deletable": false, "runs_expressions": true, "columns": [], "keys": [], "reads": [16430]}],
 "foreign_keys": [{"table": 16400, "columns": [3], "target": 16410, "target_columns": [1]},
                  {"table": 16430, "columns": [1], "target": 16410, "target_columns": [1]}],
 "own_names": [["public", "citext", {"=": "public", "~~": "public"}, {"max": "public"}]],
 "function_reads": {}})";

}  // namespace

TEST_CASE("The catalog is read from the query's document") {
  const auto catalog = ParseCatalog(kDocument);
  CHECK(catalog->has_extension);
  CHECK(catalog->extension_version == "0.1");
  REQUIRE(catalog->tables.size() == 2);  // a name that GraphQL cannot spell is left out, with its keys

  const Table& items = catalog->tables[0];
  CHECK(items.oid == 16400);
  CHECK(items.comment == "what is ordered");
  CHECK(items.primary_key.columns == std::vector<int>{0});
  REQUIRE(items.unique_constraints.size() == 1);
  CHECK(items.unique_constraints[0].columns == std::vector<int>{1, 0});  // attribute numbers, a dropped one between
  CHECK(items.is_insertable);
  CHECK(items.is_updatable);
  CHECK(items.is_deletable);
  REQUIRE(items.relationships.size() == 1);
  CHECK(items.relationships[0].name == "order");
  CHECK(items.relationships[0].target == 1);
  CHECK(catalog->tables[1].reads == std::vector<Oid>{16410, 16420});
  CHECK_FALSE(catalog->tables[1].is_insertable);
}

TEST_CASE("Columns carry what their types and privileges allow") {
  const auto catalog = ParseCatalog(kDocument);
  const auto& columns = catalog->tables[0].columns;
  REQUIRE(columns.size() == 7);

  CHECK(columns[0].scalar == "Int");
  CHECK(columns[0].json_form == JsonForm::kVerbatim);
  CHECK(columns[0].is_numeric);
  CHECK(columns[0].may_select);
  CHECK_FALSE(columns[0].may_insert);  // generated

  CHECK(columns[1].scalar == "String");
  CHECK(columns[1].is_text);
  CHECK(columns[1].is_comparable);
  CHECK(columns[1].may_insert);
  CHECK_FALSE(columns[1].may_update);

  CHECK(columns[2].scalar == "String");
  CHECK(columns[2].is_array);
  CHECK_FALSE(columns[2].is_text);
  CHECK(columns[2].sql_type == "text[]");

  CHECK(columns[3].is_hidden);  // no name in GraphQL

  CHECK(columns[6].scalar == "Mood_Of");
  CHECK(columns[6].json_form == JsonForm::kToJson);
}

TEST_CASE("Columns know the operators and aggregates that their type brings along") {
  const auto catalog = ParseCatalog(kDocument);
  const auto& columns = catalog->tables[0].columns;
  REQUIRE(columns[4].own != nullptr);
  CHECK(columns[4].own->operators.at("~~") == "public.");
  CHECK(columns[4].own->aggregates.at("max") == "public.");
  CHECK(columns[5].own == nullptr);
  CHECK(columns[1].own == nullptr);
}

TEST_CASE("What GraphQL cannot name is left out by name") {
  const auto catalog = ParseCatalog(kDocument);
  REQUIRE(catalog->omissions.size() == 2);
  CHECK(catalog->omissions[0].type == "column");
  CHECK(catalog->omissions[0].field == "has space");
  CHECK_THAT(catalog->omissions[0].remedy, Catch::Matchers::Contains("column_config"));
  CHECK(catalog->omissions[1].type == "table");
  CHECK(catalog->omissions[1].name == "odd name");
  CHECK_THAT(catalog->omissions[1].remedy, Catch::Matchers::Contains("custom_name"));
}

TEST_CASE("What is not the query's document is refused") {
  using threefactor::Error;
  CHECK_THROWS_AS(ParseCatalog(""), Error);
  CHECK_THROWS_AS(ParseCatalog("[]"), Error);
  CHECK_THROWS_AS(ParseCatalog(R"({"extension_version": null, "tables": [{"oid": "x"}], "foreign_keys": []})"), Error);
}

TEST_CASE("Metadata names tables, columns and relationships, and makes enums") {
  std::string document(kDocument);
  document.pop_back();
  document += R"(, "metadata": {
    "tables": [{"oid": 16400, "tracked": true, "values": null, "configuration": {"custom_name": "Item",
                "custom_root_fields": {"select": "Items", "insert": {"name": null, "comment": "adds"},
                                       "delete": {"name": "Remove", "comment": null}}, "column_config": {"id": {"custom_name": "itemId"}},
                "custom_column_names": {"has space": "hasSpace"}}},
               {"oid": 16410, "tracked": true, "configuration": {}, "values": [["red", ""], ["no name", ""]]}],
    "relationships": [{"oid": 16400, "name": "purchase", "array": false, "target": 16410, "columns": [3],
                       "target_columns": [1], "source": "own", "after_parent": false, "comment": ""}],
    "functions": [], "computed_fields": []}})";
  const auto catalog = ParseCatalog(document);
  const Table& items = catalog->tables.at(0);
  CHECK(items.graphql_name == "Item");
  CHECK(items.root_names.at("select") == "Items");
  CHECK(items.root_names.at("delete") == "Remove");
  CHECK(items.root_names.count("insert") == 0);
  CHECK(items.root_comments.size() == 1);
  CHECK(items.root_comments.at("insert") == "adds");
  CHECK(items.columns[0].graphql_name == "itemId");
  CHECK(items.columns[3].graphql_name == "hasSpace");
  CHECK_FALSE(items.columns[3].is_hidden);
  REQUIRE(items.relationships.size() == 1);  // it stands for the one that the foreign key implies
  CHECK(items.relationships[0].name == "purchase");
  CHECK_FALSE(items.relationships[0].nullable);
  REQUIRE(catalog->tables.at(1).enum_rows.size() == 1);  // what is no name in GraphQL is left out
  CHECK(catalog->tables.at(1).enum_rows[0].value == "red");
}
