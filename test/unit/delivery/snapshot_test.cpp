#include "event/snapshot.hpp"

#include <algorithm>
#include <random>
#include <set>

#include <catch2/catch.hpp>

using namespace threefactor;

TEST_CASE("a transaction is finished in a snapshot unless it runs or is to come") {
  const Snapshot snapshot{10, 20, {10, 15}};
  CHECK(snapshot.Finished(9));
  CHECK_FALSE(snapshot.Finished(10));
  CHECK(snapshot.Finished(11));
  CHECK_FALSE(snapshot.Finished(15));
  CHECK(snapshot.Finished(19));
  CHECK_FALSE(snapshot.Finished(20));
}

TEST_CASE("what remains: the finished of those that ran, then the new ones") {
  Cursor cursor;
  cursor.consumed = {10, 20, {10, 12, 15}};
  cursor.target = Snapshot{12, 30, {12}};
  CHECK(Remaining(cursor) == std::vector<Segment>{{10, 10, {}}, {15, 15, {}}, {20, 29, {}}});

  cursor.after = {15, 7};
  CHECK(Remaining(cursor) == std::vector<Segment>{{15, 15, 7}, {20, 29, {}}});
  cursor.after = {22, 7};
  CHECK(Remaining(cursor) == std::vector<Segment>{{22, 22, 7}, {23, 29, {}}});
  cursor.after = {29, 7};
  CHECK(Remaining(cursor) == std::vector<Segment>{{29, 29, 7}});

  CHECK(Passed(cursor, {9, 1}));
  CHECK(Passed(cursor, {11, 1}));
  CHECK_FALSE(Passed(cursor, {12, 1}));
  CHECK(Passed(cursor, {29, 7}));
  CHECK_FALSE(Passed(cursor, {29, 8}));
  CHECK_FALSE(Passed(cursor, {30, 1}));

  Arrive(cursor);
  CHECK(cursor.consumed == Snapshot{12, 30, {12}});
  CHECK_FALSE(cursor.target);
  CHECK_FALSE(Passed(cursor, {12, 1}));
}

// Transactions begin, write, and finish at random; a reader with a cursor, in batches of random size, must see each
// event of a finished transaction exactly once, in whatever order they finish.
TEST_CASE("every event once, whatever overlaps") {
  std::mt19937 random(GENERATE(1u, 2u, 3u, 4u, 5u));
  const auto dice = [&](unsigned sides) { return random() % sides; };
  std::set<EventOrder> outbox;
  std::set<std::uint64_t> running;
  std::uint64_t next = kFirstXid;
  std::int64_t position = 1;
  const auto snapshot = [&] {
    return Snapshot{running.empty() ? next : *running.begin(), next, {running.begin(), running.end()}};
  };
  const auto finish_one = [&] {
    auto victim = running.begin();
    std::advance(victim, dice(static_cast<unsigned>(running.size())));
    running.erase(victim);
  };

  Cursor cursor;
  std::vector<EventOrder> read;
  const auto read_batch = [&](std::size_t most) {
    if (!cursor.target) cursor.target = snapshot();
    for (const Segment& segment : Remaining(cursor)) {
      for (const EventOrder event : outbox) {
        if (event.xid < segment.first_xid || event.xid > segment.last_xid) continue;
        if (segment.after_position && event.position <= *segment.after_position) continue;
        if (!cursor.target->Finished(event.xid)) continue;
        if (most-- == 0) return;
        CHECK_FALSE(Passed(cursor, event));
        read.push_back(event);
        cursor.after = event;
        CHECK(Passed(cursor, event));
      }
    }
    Arrive(cursor);
  };

  for (int step = 0; step < 600; step++) {
    switch (dice(4)) {
      case 0:
        running.insert(next++);
        break;
      case 1:
        if (!running.empty()) {
          auto writer = running.begin();
          std::advance(writer, dice(static_cast<unsigned>(running.size())));
          outbox.insert({*writer, position++});
        }
        break;
      case 2:
        if (!running.empty()) finish_one();
        break;
      default:
        read_batch(dice(4));
    }
  }
  while (!running.empty()) finish_one();
  read_batch(1000000);
  read_batch(1000000);
  std::sort(read.begin(), read.end());
  CHECK(read == std::vector<EventOrder>(outbox.begin(), outbox.end()));
}
