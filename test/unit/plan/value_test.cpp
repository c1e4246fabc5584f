#include "plan/value.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

using namespace threefactor;
using validation::Value;

namespace {

Value Scalar(std::string text) {
  Value value;
  value.kind = Value::Kind::kScalar;
  value.text = std::move(text);
  return value;
}

Value List(std::vector<Value> items) {
  Value value;
  value.kind = Value::Kind::kList;
  value.items = std::move(items);
  return value;
}

}  // namespace

TEST_CASE("Array literals quote what Postgres would read otherwise") {
  CHECK(plan::ArrayLiteral(List({})) == "{}");
  CHECK(plan::ArrayLiteral(List({Scalar("1"), Value{}, Scalar("NULL"), Scalar("")})) == R"({"1",NULL,"NULL",""})");
  CHECK(plan::ArrayLiteral(List({Scalar(R"(a"b\c)"), Scalar("{x,y}")})) == R"({"a\"b\\c","{x,y}"})");
  CHECK(plan::ArrayLiteral(List({List({Scalar("1")}), List({Scalar("2")})})) == R"({{"1"},{"2"}})");
}

TEST_CASE("A value is text, null or an error") {
  CHECK(plan::TextOf(Scalar("x")) == "x");
  CHECK_FALSE(plan::TextOf(Value{}).has_value());
  CHECK(plan::TextOf(List({Scalar("x")})) == R"({"x"})");
  CHECK_THROWS_AS(plan::TextOf(Scalar(std::string("a\0b", 3))), Error);
  CHECK_THROWS_AS(plan::TextOf(List({Scalar(std::string("\0", 1))})), Error);
  CHECK_THROWS_WITH(plan::TextNotNull(Value{}, "Int"), "unexpected null value for type \"Int\"");
}
