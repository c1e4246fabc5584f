#include "execute/text_array.hpp"

#include <catch2/catch.hpp>

using threefactor::execute::TextArray;

TEST_CASE("elements of a text array are quoted", "[execute]") {
  CHECK(TextArray({}) == "{}");
  CHECK(TextArray({"a", "b,c", "q\"\\", "NULL", ""}) == R"({"a","b,c","q\"\\","NULL",""})");
}
