#include "checkpoint/settled.hpp"

#include <catch2/catch.hpp>

#include "checkpoint/inheritance.hpp"
#include "event/ownership.hpp"

using namespace threefactor;
using namespace threefactor::delivery;

namespace {

Snapshot Until(std::uint64_t xmax, std::vector<std::uint64_t> running = {}) {
  return {running.empty() ? xmax : running.front(), xmax, std::move(running)};
}

// The hash of a delivery that belongs to this worker of two.
std::uint64_t HashOf(int worker) {
  return static_cast<std::uint64_t>(worker);
}

}  // namespace

TEST_CASE("what its own worker has passed is settled, but for the unsettled", "[delivery][settled]") {
  Checkpoint first, second;
  first.cursor.consumed = Until(100, {50});
  second.cursor.consumed = Until(60);
  first.unsettled[1] = {{40, 1}, {41, 1}};
  second.settled[1] = {{80, 2}};
  second.detached[2].consumed = Until(10);
  const SettledDeliveries settled(Redistribute({first, second}, {{{1, {41, 1}}, {1, {120, 7}}}, {}}));

  CHECK_FALSE(settled.Contains(1, HashOf(0), {40, 1}));
  CHECK(settled.Contains(1, HashOf(0), {41, 1}));  // by an attempt after the checkpoint
  CHECK(settled.Contains(1, HashOf(0), {90, 1}));
  CHECK_FALSE(settled.Contains(1, HashOf(1), {90, 1}));
  CHECK_FALSE(settled.Contains(1, HashOf(0), {50, 1}));  // it was running
  CHECK(settled.Contains(1, HashOf(1), {80, 2}));        // ahead of its cursor
  CHECK(settled.Contains(1, HashOf(0), {120, 7}));
  CHECK(settled.Contains(2, HashOf(0), {20, 1}));
  CHECK_FALSE(settled.Contains(2, HashOf(1), {20, 1}));  // its cursor for this event trigger is behind
}

TEST_CASE("the first transaction that may have something unsettled", "[delivery][settled]") {
  Checkpoint one;
  one.cursor.consumed = Until(100, {90});
  one.unsettled[1] = {{70, 5}};
  CHECK(FirstUnsettled(Redistribute({one}, {{}})) == 70);
  one.detached[2].consumed = Until(60);
  CHECK(FirstUnsettled(Redistribute({one}, {{}})) == 60);
  CHECK(FirstUnsettled(Redistribute({Checkpoint()}, {{}})) == kFirstXid);
}
