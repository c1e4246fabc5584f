#include "sql/compile.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "plan/operators.hpp"

using namespace threefactor;

namespace {

plan::Operand OperandOf(std::string aggregate, std::vector<const schema::Column*> columns) {
  plan::Operand operand;
  operand.aggregate = std::move(aggregate);
  if (operand.aggregate.empty()) operand.column = columns.front();
  operand.columns = std::move(columns);
  return operand;
}

struct Sample {
  Sample() {
    for (const char* name : {"id", "title"}) {
      schema::Column column;
      column.name = name;
      column.sql_type = "text";
      column.not_null = true;
      table.columns.push_back(column);
    }
    table.columns[0].json_form = schema::JsonForm::kVerbatim;
    table.columns[0].sql_type = "integer";
    table.schema = "public";
    table.name = "articles";
    table.reads = {30, 20};
  }

  plan::Output List(std::string key) const {
    plan::Output member;
    member.kind = plan::Output::Kind::kColumn;
    member.key = "id";
    member.column = &table.columns[0];
    plan::Output output;
    output.kind = plan::Output::Kind::kArray;
    output.key = std::move(key);
    output.rows.table = &table;
    output.members.push_back(member);
    return output;
  }

  plan::Write Insert(std::size_t rows) const {
    plan::Write write;
    write.table = &table;
    if (rows > 0) {
      plan::Insert& insert = write.inserts.emplace_back();
      insert.table = &table;
      insert.columns = {&table.columns[0], &table.columns[1]};
      for (std::size_t i = 0; i < rows; ++i) insert.objects.push_back({plan::Text("1"), plan::Text("t")});
    }
    plan::WriteOutput affected;
    affected.kind = plan::WriteOutput::Kind::kAffectedRows;
    affected.key = "n";
    write.response.push_back(affected);
    return write;
  }

  schema::Table table;
};

plan::Plan PlanOf(plan::Plan::Kind kind, std::vector<plan::Root> roots) {
  plan::Plan plan;
  plan.kind = kind;
  plan.roots = std::move(roots);
  return plan;
}

sql::Compilation Compile(const plan::Plan& plan, sql::JsonShape shape = sql::JsonShape::kConcatenation) {
  return sql::CompilePlan(plan, shape);
}

}  // namespace

TEST_CASE("An operation of constants needs no statement") {
  plan::Output constant;
  constant.constant = "\"query_root\"";
  const auto compiled = Compile(PlanOf(plan::Plan::Kind::kQuery, {{"a", constant}, {"b", constant}})).compiled;
  CHECK(compiled.statements.empty());
  REQUIRE(compiled.parts.size() == 1);
  CHECK(compiled.parts[0].text == R"({"a":"query_root","b":"query_root"})");
  CHECK(compiled.reads.empty());
}

TEST_CASE("All root fields of a query are one column of one statement") {
  const Sample sample;
  const auto compiled =
      Compile(PlanOf(plan::Plan::Kind::kQuery, {{"a", sample.List("a")}, {"b", sample.List("b")}})).compiled;
  REQUIRE(compiled.statements.size() == 1);
  CHECK(compiled.statements[0].error_path == "$");
  CHECK_THAT(compiled.statements[0].text,
             Catch::Matchers::StartsWith(R"(SELECT pg_catalog.array_to_string(ARRAY['{"a":', (SELECT )"));
  CHECK_THAT(compiled.statements[0].text, Catch::Matchers::Contains(R"(), ',"b":', (SELECT )"));
  REQUIRE(compiled.parts.size() == 2);
  CHECK(compiled.parts[0].text.empty());
  CHECK(compiled.parts[0].statement == 0);
  CHECK(compiled.parts[1].text == "}");
  CHECK(compiled.parts[1].statement == -1);
  CHECK(compiled.reads == std::vector<schema::Oid>{20, 30});
}

TEST_CASE("The answer is limited, whatever makes it") {
  const Sample sample;
  const auto text = [](std::vector<plan::Root> roots, plan::Plan::Kind kind) {
    return sql::CompilePlan(PlanOf(kind, std::move(roots)), sql::JsonShape::kConcatenation, 100)
        .compiled.statements.back()
        .text;
  };
  const auto limited = Catch::Matchers::Matches(R"(.*SELECT pg_catalog\."varchar"\(.*, 104, false\).*)");
  CHECK_THAT(text({{"a", sample.List("a")}}, plan::Plan::Kind::kQuery), limited);
  CHECK_THAT(text({{"a", sample.List("a")}, {"b", sample.List("b")}}, plan::Plan::Kind::kQuery), limited);
  CHECK_THAT(text({{"a", sample.Insert(2)}}, plan::Plan::Kind::kMutation), limited);
  plan::Write single = sample.Insert(1);
  single.is_single = true;
  CHECK_THAT(text({{"a", single}}, plan::Plan::Kind::kMutation), Catch::Matchers::Contains("RETURNING pg_catalog"));
}

TEST_CASE("A list is text, ordered and limited below the aggregate") {
  const Sample sample;
  plan::Output list = sample.List("a");
  list.rows.order_by.push_back({{}, OperandOf("", {&sample.table.columns[1]}), "ASC NULLS LAST"});
  list.rows.limit = 5;
  const auto compiled = Compile(PlanOf(plan::Plan::Kind::kQuery, {{"a", list}})).compiled;
  REQUIRE(compiled.statements.size() == 1);
  CHECK(compiled.statements[0].text ==
        R"(SELECT '[' OPERATOR(pg_catalog.||) coalesce(pg_catalog.string_agg('{"id":' OPERATOR(pg_catalog.||) )"
        R"(coalesce(coalesce(_0."id", NULL::integer)::pg_catalog.text,'null') OPERATOR(pg_catalog.||) '}',','),'') )"
        R"(OPERATOR(pg_catalog.||) ']' FROM (SELECT _1."id" FROM )"
        R"("public"."articles" AS _1 ORDER BY _1."title" ASC NULLS LAST LIMIT 5) AS _0)");
  const auto called = Compile(PlanOf(plan::Plan::Kind::kQuery, {{"a", list}}), sql::JsonShape::kFunctions).compiled;
  CHECK(called.statements[0].text == R"(SELECT threefactor_json.list('{"id":%v}', _0."id") FROM (SELECT _1."id" FROM )"
                                     R"("public"."articles" AS _1 ORDER BY _1."title" ASC NULLS LAST LIMIT 5) AS _0)");
  CHECK(compiled.statements[0].parameters.empty());
  CHECK(compiled.statements[0].error_path == "$");
}

TEST_CASE("Rows of the same columns take one parameter a column, whatever their number") {
  const Sample sample;
  const auto few = Compile(PlanOf(plan::Plan::Kind::kMutation, {{"a", sample.Insert(2)}})).compiled;
  const auto many = Compile(PlanOf(plan::Plan::Kind::kMutation, {{"a", sample.Insert(50000)}})).compiled;
  CHECK(few.statements[0].text == many.statements[0].text);
  CHECK(many.statements[0].parameters.size() == 2);
}

TEST_CASE("Rows of different columns take DEFAULT, and elements of arrays where they are many") {
  const Sample sample;
  plan::Write write = sample.Insert(2);
  write.inserts[0].objects[0][1].reset();
  const auto compiled = Compile(PlanOf(plan::Plan::Kind::kMutation, {{"a", write}})).compiled;
  CHECK(compiled.statements[0].text.find("VALUES (($1)::integer, DEFAULT), (($2)::integer, ($3)::pg_catalog.text)") !=
        std::string::npos);

  plan::Write large = sample.Insert(40000);
  large.inserts[0].objects[0][1].reset();
  const auto packed = Compile(PlanOf(plan::Plan::Kind::kMutation, {{"a", large}})).compiled;
  CHECK(packed.statements[0].parameters.size() == 800);  // 79,999 cells
  CAPTURE(packed.statements[0].text.substr(0, 200));
  CHECK(packed.statements[0].text.find("(($1)::pg_catalog.text[])[1]::integer, DEFAULT), (") != std::string::npos);
}

TEST_CASE("A statement of more parameters than the protocol carries is refused") {
  const Sample sample;
  plan::Condition compare;
  compare.kind = plan::Condition::Kind::kCompare;
  compare.operand = OperandOf("", {&sample.table.columns[0]});
  compare.comparison = plan::FindOperator("_eq");
  compare.value = plan::Text("1");
  plan::Output list = sample.List("a");
  list.rows.where.parts.assign(65536, compare);
  CHECK_THROWS_AS(Compile(PlanOf(plan::Plan::Kind::kQuery, {{"a", list}})), Error);
  list.rows.where.parts.pop_back();
  CHECK_NOTHROW(Compile(PlanOf(plan::Plan::Kind::kQuery, {{"a", list}})));
}

TEST_CASE("A write that changes nothing has no statement") {
  const Sample sample;
  plan::Write update = sample.Insert(0);
  update.kind = plan::Write::Kind::kUpdate;
  const auto compiled = Compile(PlanOf(plan::Plan::Kind::kMutation, {{"a", sample.Insert(0)}, {"b", update}})).compiled;
  CHECK(compiled.statements.empty());
  CHECK(compiled.parts[0].text == R"({"a":{"n":0},"b":{"n":0}})");
}

TEST_CASE("Rows are ordered by an aggregate over a relationship with one subselect") {
  const Sample sample;
  schema::Relationship self;
  self.is_array = true;
  self.columns = {{0, 1}};
  const plan::Join join{&sample.table, &sample.table, &self, {}};
  plan::Output list = sample.List("a");
  list.rows.order_by.push_back({{join}, OperandOf("count", {}), "DESC NULLS FIRST"});
  list.rows.order_by.push_back({{join}, OperandOf("max", {&sample.table.columns[1]}), "ASC NULLS LAST"});
  const auto compiled = Compile(PlanOf(plan::Plan::Kind::kQuery, {{"a", list}})).compiled;
  const std::string& text = compiled.statements[0].text;
  CHECK(text.find(R"(ORDER BY (SELECT pg_catalog.count(*) FROM "public"."articles" AS _2 WHERE _2."title" )"
                  R"(OPERATOR(pg_catalog.=) _1."id") DESC NULLS FIRST, (SELECT pg_catalog.max(_3."title") FROM )") !=
        std::string::npos);
}

TEST_CASE("Every update operator reads the old value") {
  const Sample sample;
  using Kind = plan::Assignment::Kind;
  const auto [kind, sql] = GENERATE(table<Kind, std::string>({
      {Kind::kSet, R"("id" = ($1)::integer)"},
      {Kind::kIncrement, R"("id" = _0."id" OPERATOR(pg_catalog.+) ($1)::integer)"},
      {Kind::kAppend, R"("id" = _0."id" OPERATOR(pg_catalog.||) ($1)::integer)"},
      {Kind::kPrepend, R"("id" = ($1)::integer OPERATOR(pg_catalog.||) _0."id")"},
      {Kind::kDeleteKey, R"("id" = _0."id" OPERATOR(pg_catalog.-) ($1)::pg_catalog.text)"},
      {Kind::kDeleteElement, R"("id" = _0."id" OPERATOR(pg_catalog.-) ($1)::integer)"},
      {Kind::kDeleteAtPath, R"("id" = _0."id" OPERATOR(pg_catalog.#-) ($1)::pg_catalog.text[])"},
  }));
  plan::Write write = sample.Insert(0);
  write.kind = plan::Write::Kind::kUpdate;
  write.assignments.push_back({kind, &sample.table.columns[0], "1"});
  const auto compiled = Compile(PlanOf(plan::Plan::Kind::kMutation, {{"a", write}})).compiled;
  CHECK(compiled.statements[0].text ==
        R"(WITH w AS (UPDATE "public"."articles" AS _0 SET )" + sql +
            R"( RETURNING 1) SELECT '{"n":' OPERATOR(pg_catalog.||) )"
            R"(pg_catalog.count(*)::pg_catalog.text OPERATOR(pg_catalog.||) '}' FROM w)");
}

TEST_CASE("A percent sign in a constant is none of the template") {
  const Sample sample;
  plan::Output list = sample.List("a");
  list.members.push_back(plan::Output{});
  list.members.back().key = "share";
  list.members.back().constant = "\"100%\"";
  const auto compiled = Compile(PlanOf(plan::Plan::Kind::kQuery, {{"a", list}}), sql::JsonShape::kFunctions).compiled;
  CHECK(compiled.statements[0].text.find(R"('{"id":%v,"share":"100%%"}')") != std::string::npos);
}
