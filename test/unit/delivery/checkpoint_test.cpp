#include "checkpoint/checkpoint.hpp"

#include <catch2/catch.hpp>

using namespace threefactor;
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
  checkpoint.workers = 3;
  checkpoint.inherited.resize(2);
  checkpoint.inherited[0].resize(2);
  checkpoint.inherited[0][1].main.consumed = {7, 8, {}};
  checkpoint.inherited[0][1].detached[3].consumed = {4, 5, {}};
  checkpoint.inherited[1].resize(1);
  const std::string text = Format(checkpoint);
  CHECK(text ==
        "threefactor 1\n"
        "workers 3\n"
        "cursor 7:9:7,8\n"
        "detached 3 1099511627776:1099511627781: > 9:12:10 @ 11/-4\n"
        "detached 4 1099511627776:1099511627781: > 9:12:10 # 11/-4\n"
        "unsettled 3 5/100 6/101\n"
        "settled 4 5/100\n"
        "inherited 0 0 3:3:\n"
        "inherited 0 1 7:8:\n"
        "inherited_detached 0 1 3 4:5:\n"
        "inherited 1 0 3:3:\n");
  CHECK(Parse(text) == checkpoint);
}

TEST_CASE("a checkpoint of version 0.1 is of one worker") {
  CHECK(Parse("threefactor 1\ncursor 7:9:7,8\n").workers == 1);
}

TEST_CASE("what is not a checkpoint is refused") {
  for (const char* text :
       {"", "threefactor 2\n", "threefactor 1\ncursor 7\n", "threefactor 1\nunsettled x\n", "threefactor 1\nother\n",
        "threefactor 1\ncursor 7:9:7,\n", "threefactor 1\nunsettled 1 5/\n", "threefactor 1\ncursor 7:9: rest\n",
        "threefactor 1\ninherited 0 99999 3:3:\n"})
    CHECK_THROWS_AS(Parse(text), std::runtime_error);
}
