#include "event/old_row.hpp"

#include <string>

#include <catch2/catch.hpp>

using threefactor::WholeOldRow;

namespace {

std::string Whole(std::string_view differing, std::string_view new_row) {
  std::string result(differing.size() + new_row.size(), '\0');
  result.resize(WholeOldRow(differing, new_row, result.data()));
  return result;
}

}  // namespace

TEST_CASE("what the old row lacks is the new row's, in its order") {
  const std::string_view new_row = R"({"id":1,"a":"x, }","b":{"c":[1,2]},"d":null})";
  CHECK(Whole("{}", new_row) == new_row);
  CHECK(Whole(R"({"a":"\"y\\"})", new_row) == R"({"id":1,"a":"\"y\\","b":{"c":[1,2]},"d":null})");
  CHECK(Whole(R"({"id":2,"d":[{"e":"]"}]})", new_row) == R"({"id":2,"a":"x, }","b":{"c":[1,2]},"d":[{"e":"]"}]})");
  CHECK(Whole(R"({"b":1})", R"({"b": {"spaced" : "out"} , "c":2})") == R"({"b":1,"c":2})");
}

TEST_CASE("an old row beside one that is omitted, or omitted itself, stays as it is") {
  const std::string_view omitted = R"({"threefactor_omitted": true, "bytes": 9000000})";
  CHECK(Whole(R"({"bytes":5})", omitted) == R"({"bytes":5})");
  CHECK(Whole(R"({"id":2,"a":3})", omitted) == R"({"id":2,"a":3})");
  CHECK(Whole(omitted, R"({"threefactor_omitted":true,"bytes":5})") == omitted);
  CHECK(Whole(omitted, omitted) == omitted);
}

TEST_CASE("a whole old row stays as it is") {
  CHECK(Whole(R"({"id":2,"a":3})", R"({"id":1,"a":3})") == R"({"id":2,"a":3})");
  CHECK(Whole("{}", "{}") == "{}");
}

TEST_CASE("an old row that is no part of the new one is taken as it is") {
  CHECK(Whole(R"({"x":2})", R"({"id":1})") == R"({"x":2})");
  for (const std::string_view odd :
       {"", "null", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":\"", "{\"\\", "[1]"}) {
    CHECK(Whole(R"({"x":2})", odd) == R"({"x":2})");
    CHECK(Whole(odd, R"({"id":1})") == odd);
  }
}
