#include "sql/qualified.hpp"

#include <catch2/catch.hpp>

#include "qualified/unqualified.hpp"

using namespace threefactor;
using qualified::FindUnqualified;

namespace {

schema::Column Citext() {
  schema::Column column;
  column.sql_type = "app.citext";
  column.own = std::make_shared<const schema::OwnNames>(schema::OwnNames{{{"=", "app."}}, {{"max", "app."}}});
  return column;
}

}  // namespace

TEST_CASE("Operators, aggregates and types carry the schema of pg_catalog, or of the column's type", "[qualified]") {
  const schema::Column text;
  CHECK(sql::Operator("=", text) == " OPERATOR(pg_catalog.=) ");
  CHECK(sql::Operator("=", Citext()) == " OPERATOR(app.=) ");
  CHECK(sql::Operator("@>", Citext()) == " OPERATOR(pg_catalog.@>) ");
  CHECK(sql::AggregateName("max", text) == "pg_catalog.max");
  CHECK(sql::AggregateName("max", Citext()) == "app.max");
  CHECK(sql::AggregateName("count", Citext()) == "pg_catalog.count");
  CHECK(sql::Typed("c", text) == "c");
  CHECK(sql::Typed("c", Citext()) == "c::app.citext");
}

TEST_CASE("Types that the grammar takes from pg_catalog stay as they are", "[qualified]") {
  CHECK(sql::TypeName("text") == "pg_catalog.text");
  CHECK(sql::TypeName("text[]") == "pg_catalog.text[]");
  CHECK(sql::TypeName("\"char\"") == "pg_catalog.\"char\"");
  CHECK(sql::TypeName("integer") == "integer");
  CHECK(sql::TypeName("integer[]") == "integer[]");
  CHECK(sql::TypeName("timestamp with time zone") == "timestamp with time zone");
  CHECK(sql::TypeName("public.\"Mood Of\"") == "public.\"Mood Of\"");
  CHECK(sql::TypeName("gis.geometry::gis.geography") == "gis.geometry::gis.geography");
}

TEST_CASE("A list of arrays, or of an array's elements, has the operators of all arrays", "[qualified]") {
  schema::Column list = Citext();
  list.is_array = true;
  CHECK(sql::Typed("c", list) == "c");
}

TEST_CASE("What is without a schema is found", "[qualified]") {
  const auto accepts = [](std::string_view sql) { CHECK(FindUnqualified(sql) == ""); };
  const auto finds = [](std::string_view sql, std::string_view bare) {
    CHECK_THAT(FindUnqualified(sql), Catch::Matchers::StartsWith(std::string(bare)));
  };
  accepts(
      R"(SELECT pg_catalog.count(*), coalesce(_0."a", '=(') FROM "public"."count" AS _0 WHERE (_0."a")::integer IS NULL)");
  accepts(R"(UPDATE "s"."t" AS _0 SET "a" = ($1)::pg_catalog.text, "b" = _0."b" OPERATOR(pg_catalog.+) ($2)::bigint)");
  accepts(
      R"(SELECT "s"."f"("a" => $1) FROM ROWS FROM (pg_catalog.unnest($2)) AS u(c0) WHERE NOT ("a" OPERATOR(x.=) ANY ($3)))");
  accepts(R"(SELECT CASE WHEN pg_catalog.f(1) OPERATOR(pg_catalog.=) 1 THEN 2 END, E'\'=', "a""=")");
  finds(R"(SELECT 1 WHERE "a" = 1)", "=");
  finds(R"(UPDATE "t" SET "a" = 1 WHERE "b" = 2)", "= 2");
  finds(R"(UPDATE "t" AS _0 SET "a" = _0."a" + 1)", "+");
  finds("SELECT count(*)", "count");
  finds(R"(SELECT "f"(1))", "\"f\"");
  finds("SELECT a::text", "::text");
  finds("SELECT a::character", "::character");
  finds(R"(SELECT "a" LIKE 'x')", "LIKE");
  finds("SELECT 1 WHERE a IN (1)", "IN");
  finds("SELECT nullif(a, b)", "nullif");
  finds("SELECT CASE a WHEN 1 THEN 2 END", "CASE");
  finds("SELECT a IS DISTINCT FROM b", "DISTINCT");
  finds("SELECT a IS NOT DISTINCT FROM b", "DISTINCT");
  finds("SELECT a BETWEEN b AND c", "BETWEEN");
  finds("SELECT a NATURAL JOIN b", "NATURAL");
  finds("SELECT x COLLATE \"C\"", "COLLATE");
  finds("SELECT 'a'||'b'", "||");
}
