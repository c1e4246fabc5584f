#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "schema/catalog.hpp"
#include "unit/support/catalog.hpp"

using namespace threefactor;
using schema::WithPrivileges;

namespace {

schema::Catalog Numbered() {
  schema::Catalog catalog = test::OrdersCatalog();
  for (schema::Table& table : catalog.tables) {
    int number = 0;
    for (schema::Column& column : table.columns) column.number = ++number;
  }
  return catalog;
}

}  // namespace

TEST_CASE("A role may do what the database says, and nothing of what it does not mention", "[privileges]") {
  const auto catalog =
      WithPrivileges(Numbered(), R"({"relations": [[1, false, false, false, false, true, [[1, true, false, false],
        [3, true, true, false], [4, false, false, true]]]], "functions": []})");
  const schema::Table& orders = catalog->tables[0];
  CHECK(orders.columns[0].may_select);
  CHECK_FALSE(orders.columns[0].may_insert);
  CHECK_FALSE(orders.columns[1].may_select);
  CHECK(orders.columns[2].may_insert);
  CHECK_FALSE(orders.columns[3].may_select);
  CHECK(orders.columns[3].may_update);
  CHECK_FALSE(orders.may_select_row);
  CHECK(orders.is_insertable);
  CHECK(orders.is_updatable);
  CHECK_FALSE(orders.is_deletable);
  CHECK(orders.hides_rows);
  const schema::Table& items = catalog->tables[1];
  CHECK_FALSE(items.columns[0].may_select);
  CHECK_FALSE(items.is_insertable);
}

TEST_CASE("A privilege on the table is one on all columns, but gives none that the table does not have",
          "[privileges]") {
  schema::Catalog all = Numbered();
  all.tables[0].columns[0].may_insert = false;  // generated
  all.tables[0].is_deletable = false;           // a view
  const auto catalog =
      WithPrivileges(all, R"({"relations": [[1, true, true, true, true, false, []]], "functions": []})");
  const schema::Table& orders = catalog->tables[0];
  CHECK(orders.may_select_row);
  CHECK(orders.columns[1].may_insert);
  CHECK_FALSE(orders.columns[0].may_insert);
  CHECK_FALSE(orders.is_deletable);
}

TEST_CASE("Values of an enum table that the role may not read are not told", "[privileges]") {
  schema::Catalog all = Numbered();
  all.tables[1].primary_key = {"items_pkey", {0}};
  all.tables[1].enum_rows = {{"red", ""}};
  schema::Column& column = all.tables[0].columns[1];
  column.plain_scalar = column.scalar;
  column.scalar = "items_enum";
  column.is_enum = true;
  column.enum_table = 1;
  const auto with = WithPrivileges(all, R"({"relations": [[1, true, true, true, true, false, []],
    [2, true, false, false, false, false, []]], "functions": []})");
  CHECK(with->tables[0].columns[1].scalar == "items_enum");
  CHECK(with->tables[1].enum_rows.size() == 1);
  const auto without =
      WithPrivileges(all, R"({"relations": [[1, true, true, true, true, false, []]], "functions": []})");
  CHECK(without->tables[0].columns[1].scalar == "String");
  CHECK_FALSE(without->tables[0].columns[1].is_enum);
  CHECK(without->tables[1].enum_rows.empty());
}

TEST_CASE("Privileges of another shape are refused", "[privileges]") {
  for (const char* document : {"", "[]", R"({"relations": [[1, true]], "functions": []})", R"({"relations": []})"}) {
    CAPTURE(document);
    CHECK_THROWS_AS(WithPrivileges(Numbered(), document), Error);
  }
}
