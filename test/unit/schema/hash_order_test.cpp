#include "schema/hash_order.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using threefactor::schema::HashPlace;

TEST_CASE("Values of enum tables are listed as Hasura lists them") {
  std::vector<std::string> names = {"red", "green", "blue", "orange", "yellow", "purple"};
  std::sort(names.begin(), names.end(),
            [](const auto& left, const auto& right) { return HashPlace(left) < HashPlace(right); });
  CHECK(names == std::vector<std::string>{"red", "purple", "yellow", "orange", "green", "blue"});
}
