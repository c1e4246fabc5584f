#include "base/characters.hpp"

#include <catch2/catch.hpp>

using threefactor::IsName;
using threefactor::IsPublicName;

TEST_CASE("a name is one of GraphQL only if GraphQL can spell it, and public if it is not reserved", "[names]") {
  for (const char* name : {"orders", "_a1", "_", "A"}) {
    CHECK(IsName(name));
    CHECK(IsPublicName(name));
  }
  for (const char* text : {"", "1a", "has space", "größe", "a-b", "a\n"}) {
    CHECK_FALSE(IsName(text));
    CHECK_FALSE(IsPublicName(text));
  }
  CHECK(IsName("__reserved"));
  CHECK_FALSE(IsPublicName("__reserved"));
}
