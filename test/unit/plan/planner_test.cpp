#include "plan/planner.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace threefactor;
using schema::InputKind;
using validation::Entry;
using validation::Value;

namespace {

// Two tables: authors, and articles with an author.
struct Sample {
  Sample() {
    for (const char* name : {"authors", "articles"}) {
      schema::Table table;
      table.name = name;
      for (const char* column_name : {"id", "author_id", "document"}) {
        schema::Column column;
        column.name = column_name;
        column.scalar = "Int";
        column.sql_type = "integer";
        table.columns.push_back(column);
      }
      catalog.tables.push_back(std::move(table));
    }
    schema::Relationship articles;
    articles.name = "articles";
    articles.is_array = true;
    articles.target = 1;
    articles.columns = {{0, 1}};
    catalog.tables[0].relationships.push_back(articles);
    for (const char* name : {"asc", "desc_nulls_last"}) directions.push_back({name, "", nullptr});
  }

  // An input field that lives as long as the sample, and its entry.
  Entry Field(std::string name, InputKind kind, Value value, const schema::Column* column = nullptr) {
    auto field = std::make_unique<schema::InputField>();
    field->name = std::move(name);
    field->kind = kind;
    field->column = column;
    if (kind == InputKind::kOrderRows || kind == InputKind::kCompareRows) {
      field->relationship = &catalog.tables[0].relationships[0];
    }
    fields.push_back(std::move(field));
    return {fields.back().get(), std::move(value)};
  }

  const schema::Column& Id() const { return catalog.tables[0].columns[0]; }

  schema::Catalog catalog;
  std::vector<schema::EnumValue> directions;
  std::vector<std::unique_ptr<schema::InputField>> fields;
};

Value Scalar(std::string text) {
  Value value;
  value.kind = Value::Kind::kScalar;
  value.text = std::move(text);
  return value;
}

Value Enum(const schema::EnumValue& enum_value) {
  Value value;
  value.kind = Value::Kind::kEnum;
  value.enum_value = &enum_value;
  return value;
}

Value Object(std::vector<Entry> entries) {
  Value value;
  value.kind = Value::Kind::kObject;
  value.entries = std::move(entries);
  return value;
}

}  // namespace

TEST_CASE("A condition keeps the order and the meaning of its keys") {
  Sample sample;
  const Value where = Object({
      sample.Field("id", InputKind::kCompareColumn,
                   Object({sample.Field("_gt", InputKind::kOperator, Scalar("1")),
                           sample.Field("_is_null", InputKind::kOperator, Scalar("false"))}),
                   &sample.Id()),
      sample.Field("articles", InputKind::kCompareRows, Object({})),
  });
  const plan::Condition condition = plan::PlanWhere(where, sample.catalog.tables[0], sample.catalog);
  using Kind = plan::Condition::Kind;
  REQUIRE(condition.kind == Kind::kAnd);
  REQUIRE(condition.parts.size() == 2);
  REQUIRE(condition.parts[0].parts.size() == 2);
  CHECK(condition.parts[0].parts[0].comparison->sql == ">");
  CHECK(condition.parts[0].parts[0].value == "1");
  CHECK(condition.parts[0].parts[1].kind == Kind::kIsNotNull);
  CHECK(condition.parts[1].kind == Kind::kExists);
  CHECK(condition.parts[1].join.to == &sample.catalog.tables[1]);
}

TEST_CASE("A null never makes a condition vanish") {
  Sample sample;
  const Value operand = Object({sample.Field(
      "id", InputKind::kCompareColumn, Object({sample.Field("_eq", InputKind::kOperator, Value{})}), &sample.Id())});
  CHECK_THROWS_AS(plan::PlanWhere(operand, sample.catalog.tables[0], sample.catalog), Error);
  const Value whole = Object({sample.Field("id", InputKind::kCompareColumn, Value{}, &sample.Id())});
  CHECK_THROWS_AS(plan::PlanWhere(whole, sample.catalog.tables[0], sample.catalog), Error);
  const std::vector<Entry> key{sample.Field("id", InputKind::kSetColumn, Value{}, &sample.Id())};
  CHECK_THROWS_AS(plan::PlanKey(key), Error);
}

TEST_CASE("Orders follow relationships to columns and to aggregates") {
  Sample sample;
  const Value order = Object({
      sample.Field("articles_aggregate", InputKind::kOrderRows,
                   Object({sample.Field("count", InputKind::kArgument, Enum(sample.directions[0])),
                           sample.Field("max", InputKind::kArgument,
                                        Object({sample.Field("id", InputKind::kOrderColumn, Enum(sample.directions[1]),
                                                             &sample.Id())}))})),
      sample.Field("id", InputKind::kOrderColumn, Enum(sample.directions[0]), &sample.Id()),
      sample.Field("author_id", InputKind::kOrderColumn, Value{}, &sample.catalog.tables[0].columns[1]),
  });
  const auto orders = plan::PlanOrder(order, sample.catalog.tables[0], sample.catalog);
  REQUIRE(orders.size() == 3);  // a null orders nothing
  CHECK(orders[0].operand.aggregate == "count");
  CHECK(orders[0].operand.columns.empty());
  CHECK(orders[0].path.size() == 1);
  CHECK(orders[1].operand.aggregate == "max");
  CHECK(orders[1].operand.columns.front() == &sample.Id());
  CHECK(orders[1].direction == "DESC NULLS LAST");
  CHECK(orders[2].path.empty());
  CHECK(orders[2].direction == "ASC NULLS LAST");
}

TEST_CASE("An update takes its assignments from every operator, each column once") {
  Sample sample;
  schema::Field field;
  field.kind = schema::FieldKind::kUpdateByPk;
  field.table = &sample.catalog.tables[0];
  const schema::Column& document = sample.catalog.tables[0].columns[2];
  validation::Selection selection;
  selection.field = &field;
  selection.arguments.push_back(
      sample.Field("pk_columns", InputKind::kArgument,
                   Object({sample.Field("id", InputKind::kSetColumn, Scalar("7"), &sample.Id())})));
  selection.arguments.push_back(
      sample.Field("_append", InputKind::kArgument,
                   Object({sample.Field("document", InputKind::kSetColumn, Scalar("[1]"), &document)})));
  const plan::Write write = plan::PlanWrite(selection, sample.catalog);
  REQUIRE(write.assignments.size() == 1);
  CHECK(write.assignments[0].kind == plan::Assignment::Kind::kAppend);
  CHECK(write.assignments[0].value == "[1]");
  CHECK(write.is_single);

  selection.arguments.push_back(
      sample.Field("_set", InputKind::kArgument,
                   Object({sample.Field("document", InputKind::kSetColumn, Scalar("[]"), &document)})));
  CHECK_THROWS_WITH(plan::PlanWrite(selection, sample.catalog),
                    "column found in multiple operators; \"document\" in _set, _append");
}
