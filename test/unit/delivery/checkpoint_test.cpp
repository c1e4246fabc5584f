#include "delivery/pure/checkpoint.hpp"

#include <catch2/catch.hpp>

using namespace threefactor::delivery;

TEST_CASE("a checkpoint comes back from its text") {
  Checkpoint checkpoint;
  checkpoint.cursor.consumed = {7, 9, {7, 8}};
  checkpoint.detached[3].consumed = {1ull << 40, (1ull << 40) + 5, {}};
  checkpoint.detached[3].target = Snapshot{9, 12, {10}};
  checkpoint.detached[3].after = {11, -4};
  checkpoint.detached[4] = checkpoint.detached[3];
  checkpoint.detached[4].by_position = true;
  checkpoint.unsettled[3] = {{5, 100}, {6, 101}};
  checkpoint.settled[4] = {{5, 100}};
  const std::string text = Format(checkpoint);
  CHECK(text ==
        "threefactor 1\n"
        "cursor 7:9:7,8\n"
        "detached 3 1099511627776:1099511627781: > 9:12:10 @ 11/-4\n"
        "detached 4 1099511627776:1099511627781: > 9:12:10 # 11/-4\n"
        "unsettled 3 5/100 6/101\n"
        "settled 4 5/100\n");
  CHECK(Parse(text) == checkpoint);
}

TEST_CASE("what is not a checkpoint is refused") {
  for (const char* text :
       {"", "threefactor 2\n", "threefactor 1\ncursor 7\n", "threefactor 1\nunsettled x\n", "threefactor 1\nother\n",
        "threefactor 1\ncursor 7:9:7,\n", "threefactor 1\nunsettled 1 5/\n", "threefactor 1\ncursor 7:9: rest\n"})
    CHECK_THROWS_AS(Parse(text), std::runtime_error);
}
