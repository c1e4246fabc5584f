#include "queue/queues.hpp"

#include <catch2/catch.hpp>

#include "unit/delivery/fixture.hpp"

using namespace threefactor;
using namespace threefactor::delivery;

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
      CHECK(AdmitFromOwn(f.state, 1, {10}, EventAt(5, position)) == Admission::kTaken);
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

TEST_CASE("paused and dropped event triggers are not served") {
  Fixture f({1, 2});
  f.Admit(1, {10, 20});
  f.definitions.triggers[1].paused = true;
  f.definitions.triggers.erase(2);
  UpdateQueues(f.state, f.definitions);
  OpenGate gate;
  CHECK_FALSE(TakeNext(f.state, 8, gate, 0));
  ArchiveDropped(f.state, 7);
  REQUIRE(f.state.finished.size() == 1);
  CHECK(f.state.finished[0].delivery.trigger_id == 2);
  CHECK(f.state.queues[2].bytes == 0);
}

TEST_CASE("the memory of a worker is divided; when it is full each event trigger has one event at a time") {
  constexpr std::size_t kEvent = 1u << 20;
  Fixture f({1, 2, 3});
  std::int64_t position = 0;
  const auto admit = [&](std::int32_t trigger) {
    auto event = std::make_shared<Event>(*EventAt(5, ++position));
    event->new_row = std::string(kEvent, ' ');
    return AdmitFromMain(f.state, f.definitions, event, {std::vector<std::int32_t>{trigger * 10}});
  };
  const auto held = [&] {
    std::size_t bytes = 2 * f.state.bytes_in_flight;
    for (const auto& [id, queue] : f.state.queues) bytes += queue.bytes;
    return bytes;
  };
  f.state.queues[3].paused = true;
  OpenGate gate;
  for (int round = 0; round < 200; round++) {
    ShareMemory(f.state, 16 * kEvent);
    if (MainClaimWanted(f.state) && HasRoom(f.state.queues[1])) admit(1);
    (void)TakeNext(f.state, 4, gate, 0);
    CHECK(held() <= 18 * kEvent);
  }
  CHECK(held() >= 8 * kEvent);

  ShareMemory(f.state, kEvent);  // it was lowered: far more is there
  CHECK_FALSE(HasRoom(f.state.queues[1]));
  CHECK(HasRoom(f.state.queues[2]));
  CHECK(admit(2) == Admission::kTaken);
  ShareMemory(f.state, kEvent);
  CHECK_FALSE(HasRoom(f.state.queues[2]));
  CHECK_FALSE(IsHungry(f.state.queues[2]));
}
