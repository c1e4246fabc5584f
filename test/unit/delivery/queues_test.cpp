#include "delivery/pure/queues.hpp"

#include <catch2/catch.hpp>

using namespace threefactor::delivery;

namespace {

// Definition 10 * n belongs to event trigger n.
Definitions Triggers(std::initializer_list<std::int32_t> ids) {
  Definitions definitions;
  for (const std::int32_t id : ids) {
    definitions.definitions[id * 10].id = id * 10;
    definitions.definitions[id * 10].trigger_id = id;
    definitions.triggers[id] = {id, "t", id * 10, false};
  }
  return definitions;
}

std::shared_ptr<const Event> EventAt(std::uint64_t xid, std::int64_t position) {
  auto event = std::make_shared<Event>();
  event->order = {xid, position};
  event->id[0] = static_cast<std::uint8_t>(position);
  event->id[1] = static_cast<std::uint8_t>(position >> 8);
  return event;
}

struct Fixture {
  explicit Fixture(std::initializer_list<std::int32_t> ids) : definitions(Triggers(ids)) {
    UpdateQueues(state, definitions);
    state.cursor.target = Snapshot{1000, 1000, {}};
  }
  Admission Admit(std::int64_t at, std::vector<std::int32_t> ids) {
    return AdmitFromMain(state, definitions, EventAt(5, at), ids);
  }
  void FillUp(std::int32_t trigger) {
    while (HasRoom(state.queues[trigger])) REQUIRE(Admit(++position, {trigger * 10}) == Admission::kTaken);
  }
  std::int64_t position = 0;
  Definitions definitions;
  State state;
};

}  // namespace

TEST_CASE("an event becomes one delivery for each event trigger") {
  Fixture f({1, 2});
  f.definitions.definitions[11] = f.definitions.definitions[10];  // an earlier definition of trigger 1
  CHECK(f.Admit(1, {10, 11, 20}) == Admission::kTaken);
  CHECK(f.state.queues[1].waiting.size() == 1);
  CHECK(f.state.queues[2].waiting.size() == 1);
  CHECK(f.state.queues[1].waiting[0].key != f.state.queues[2].waiting[0].key);
  CHECK(f.state.queues[1].unsettled.contains({5, 1}));
  CHECK(f.state.cursor.after == EventOrder{5, 1});
}

TEST_CASE("what was settled before a crash is not delivered again") {
  Fixture f({1, 2});
  f.state.settled_ahead.insert({1, {5, 1}});
  f.Admit(1, {10, 20});
  CHECK(f.state.queues[1].waiting.empty());
  CHECK(f.state.queues[2].waiting.size() == 1);
  CHECK(f.state.settled_ahead.empty());
}

TEST_CASE("a definition not loaded stops the claim; one known to be unknown is archived") {
  Fixture f({1});
  CHECK(f.Admit(1, {10, 99}) == Admission::kUnknownDefinition);
  CHECK(f.state.queues[1].waiting.empty());
  f.definitions.unknown.insert(99);
  CHECK(f.Admit(1, {10, 99}) == Admission::kTaken);
  ArchiveDropped(f.state, 7);
  REQUIRE(f.state.finished.size() == 1);
  CHECK(f.state.finished[0].outcome == Outcome::kArchived);
}

TEST_CASE("a full queue stops the claim, unless another is hungry: then its trigger is detached") {
  Fixture alone({1});
  alone.FillUp(1);
  CHECK(alone.Admit(5000, {10}) == Admission::kStop);
  CHECK_FALSE(MainClaimWanted(alone.state));

  Fixture f({1, 2});
  f.FillUp(1);
  CHECK(MainClaimWanted(f.state));
  const EventOrder before = f.state.cursor.after;
  CHECK(f.Admit(5000, {10, 20}) == Admission::kTaken);
  REQUIRE(f.state.queues[1].own);
  CHECK(f.state.queues[1].own->after == before);  // it will meet the event again
  CHECK(f.state.queues[2].waiting.size() == 1);
  CHECK(f.Admit(5001, {10}) == Admission::kTaken);
  CHECK_FALSE(OwnClaimWanted(f.state.queues[1]));  // full
}

TEST_CASE("a detached trigger reads up to the main cursor and joins it") {
  Fixture f({1, 2});
  f.state.queues[1].paused = true;
  for (std::int64_t position = 1; position <= 3; position++) f.Admit(position, {10, 20});
  Queue& queue = f.state.queues[1];
  REQUIRE(queue.own);
  CHECK(queue.waiting.empty());
  CHECK_FALSE(OwnClaimWanted(queue));
  queue.paused = false;
  CHECK(OwnClaimWanted(queue));

  SECTION("on the way to the same target") {
    REQUIRE(AimOwnCursor(f.state, queue));
    CHECK(OnSameWay(f.state, queue));
    for (std::int64_t position = 1; position <= 3; position++)
      CHECK(AdmitFromOwn(f.state, 1, 10, EventAt(5, position)) == Admission::kTaken);
    CHECK_FALSE(AimOwnCursor(f.state, queue));
    CHECK_FALSE(queue.own);
  }
  SECTION("while the main cursor goes on") {
    Arrive(f.state.cursor);
    f.state.cursor.target = Snapshot{2000, 2000, {}};
    REQUIRE(AimOwnCursor(f.state, queue));
    CHECK_FALSE(OnSameWay(f.state, queue));
    Arrive(*queue.own);
    CHECK_FALSE(AimOwnCursor(f.state, queue));  // the main cursor has read nothing since
    CHECK_FALSE(queue.own);
  }
}

TEST_CASE("deliveries are served in turn; one that hangs leaves room for the others") {
  Fixture f({1, 2, 3});
  for (std::int64_t position = 1; position <= 100; position++) f.Admit(position, {10});
  int first = 0;
  while (auto delivery = TakeNext(f.state, 8)) first++;
  CHECK(first == 4);  // half, as nothing is known of it
  for (std::int64_t position = 101; position <= 200; position++) f.Admit(position, {20, 30});
  int second = 0;
  int third = 0;
  while (auto delivery = TakeNext(f.state, 8)) delivery->trigger_id == 2 ? second++ : third++;
  CHECK(second >= 1);
  CHECK(third >= 1);
  CHECK(first + second + third <= 8);
}

TEST_CASE("a trigger that answers fast may use nearly all") {
  Fixture f({1});
  for (std::int64_t position = 1; position <= 100; position++) f.Admit(position, {10});
  const auto delivery = TakeNext(f.state, 16);
  Landed(f.state, *delivery, 3.0);
  CHECK(f.state.in_flight == 0);
  CHECK(f.state.bytes_in_flight == 0);
  int taken = 0;
  while (TakeNext(f.state, 16)) taken++;
  CHECK(taken == 14);
}

TEST_CASE("with a window of one, everybody has one") {
  Fixture f({1, 2});
  f.Admit(1, {10, 20});
  f.Admit(2, {10, 20});
  CHECK(TakeNext(f.state, 1)->trigger_id == 1);
  CHECK(TakeNext(f.state, 1)->trigger_id == 2);
  CHECK_FALSE(TakeNext(f.state, 1));
}

TEST_CASE("paused and dropped event triggers are not served") {
  Fixture f({1, 2});
  f.Admit(1, {10, 20});
  f.definitions.triggers[1].paused = true;
  f.definitions.triggers.erase(2);
  UpdateQueues(f.state, f.definitions);
  CHECK_FALSE(TakeNext(f.state, 8));
  ArchiveDropped(f.state, 7);
  REQUIRE(f.state.finished.size() == 1);
  CHECK(f.state.finished[0].delivery.trigger_id == 2);
  CHECK(f.state.queues[2].bytes == 0);
}
