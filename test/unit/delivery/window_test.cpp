#include "queue/window.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace threefactor;
using namespace threefactor::delivery;

TEST_CASE("a window gives places in order of position, in as many passes as it takes") {
  const auto most = GENERATE(1u, 3u, 7u, 1000u);
  std::mt19937 random(most);
  std::vector<EventOrder> events;  // as the index has them, by xid
  std::vector<std::int64_t> positions;
  for (std::int64_t position = 1; position <= 100; position++) positions.push_back(position);
  std::shuffle(positions.begin(), positions.end(), random);
  for (std::size_t i = 0; i < positions.size(); i++) events.push_back({10 + i / 3, positions[i]});
  std::sort(events.begin(), events.end());

  Cursor cursor;
  cursor.target = Snapshot{40, 50, {41}};
  cursor.by_position = true;
  std::vector<std::int64_t> seen;
  for (bool more = true; more;) {
    Window window;
    for (const EventOrder event : events) AddPlace(window, cursor, event, most);
    EndScan(window, most);
    CHECK(window.places.size() <= most);
    for (const EventOrder place : window.places) {
      CHECK_FALSE(Passed(cursor, place));
      seen.push_back(place.position);
      cursor.after = place;
      CHECK(Passed(cursor, place));
    }
    more = window.more;
  }
  std::vector<std::int64_t> expected;
  for (const EventOrder event : events)
    if (cursor.target->Finished(event.xid)) expected.push_back(event.position);
  std::sort(expected.begin(), expected.end());
  CHECK(seen == expected);
}

TEST_CASE("a cursor by position has passed what has a lower position, whatever its xid") {
  Cursor cursor;
  cursor.target = Snapshot{100, 100, {}};
  cursor.by_position = true;
  cursor.after = {50, 7};
  CHECK(Passed(cursor, {90, 6}));
  CHECK_FALSE(Passed(cursor, {10, 8}));
  CHECK_FALSE(Passed(cursor, {100, 6}));  // not finished in the target
  CHECK(Remaining(cursor) == std::vector<Segment>{{3, 99, std::nullopt}});
  Arrive(cursor);
  CHECK_FALSE(cursor.by_position);
}
