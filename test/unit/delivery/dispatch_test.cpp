#include "queue/dispatch.hpp"

#include <deque>

#include <catch2/catch.hpp>

#include "unit/delivery/fixture.hpp"

using namespace threefactor;
using namespace threefactor::delivery;

TEST_CASE("deliveries are served in turn; one that hangs leaves room for the others") {
  Fixture f({1, 2, 3});
  OpenGate gate;
  for (std::int64_t position = 1; position <= 100; position++) f.Admit(position, {10});
  int first = 0;
  while (auto delivery = TakeNext(f.state, 8, gate, 0)) first++;
  CHECK(first == 4);  // half, as nothing is known of it
  for (std::int64_t position = 101; position <= 200; position++) f.Admit(position, {20, 30});
  int second = 0;
  int third = 0;
  while (auto delivery = TakeNext(f.state, 8, gate, 0)) delivery->trigger_id == 2 ? second++ : third++;
  CHECK(second >= 1);
  CHECK(third >= 1);
  CHECK(first + second + third <= 8);
}

TEST_CASE(
    "a trigger that answers fast may use nearly all, and be ahead of that; others have their places nevertheless") {
  Fixture f({1, 2});
  OpenGate gate;
  for (std::int64_t position = 1; position <= 100; position++) f.Admit(position, {10});
  auto delivery = TakeNext(f.state, 16, gate, 0);
  Landed(f.state, *delivery, 3.0, Effect::kSuccess, gate, 0);
  CHECK(f.state.in_flight == 0);
  CHECK(f.state.bytes_in_flight == 0);
  std::vector<Delivery> now;
  std::vector<Delivery> ahead;
  while ((delivery = TakeNext(f.state, 16, gate, 0))) (delivery->ahead ? ahead : now).push_back(std::move(*delivery));
  CHECK(now.size() == 14);
  CHECK(static_cast<int>(now.size()) == PlacesAhead(16));
  CHECK(ahead.size() == 64);
  for (std::int64_t position = 101; position <= 200; position++) f.Admit(position, {20});
  delivery = TakeNext(f.state, 16, gate, 0);
  REQUIRE(delivery);
  CHECK(delivery->trigger_id == 2);
  CHECK_FALSE(delivery->ahead);

  for (Delivery& landed : now) Landed(f.state, landed, 3.0, Effect::kSuccess, gate, 0);
  for (Delivery& begun : ahead) Begun(f.state, begun);
  CHECK(f.state.ahead == 0);
  CHECK(f.state.queues[1].in_flight == 64);
  for (Delivery& landed : ahead) Landed(f.state, landed, 3.0, Effect::kSuccess, gate, 0);
  Landed(f.state, *delivery, 3.0, Effect::kSuccess, gate, 0);
  CHECK(f.state.in_flight == 0);
}

TEST_CASE("what is put back is posted again first, in its order, unless its event trigger was paused") {
  for (const bool ordered : {false, true}) {
    Fixture f({1});
    OpenGate gate;
    if (ordered) f.definitions.definitions[10].order = Order::kBlockOnDead;
    UpdateQueues(f.state, f.definitions);
    for (std::int64_t position = 1; position <= 100; position++) f.Admit(position, {10});
    auto first = TakeNext(f.state, 16, gate, 0);
    Landed(f.state, *first, 3.0, Effect::kSuccess, gate, 0);
    std::vector<Delivery> ahead;
    std::vector<Delivery> begun;
    while (auto delivery = TakeNext(f.state, 16, gate, 0))
      (delivery->ahead ? ahead : begun).push_back(std::move(*delivery));
    REQUIRE(ahead.size() == 64);
    const std::int64_t next = ahead.front().event->order.position;
    for (; !ahead.empty(); ahead.pop_back()) PutBack(f.state, std::move(ahead.back()), gate, 0);
    CHECK(f.state.ahead == 0);
    CHECK(f.state.queues[1].ahead == 0);
    CHECK(f.state.in_flight == static_cast<int>(begun.size()));
    f.definitions.triggers[1].paused = true;
    UpdateQueues(f.state, f.definitions);
    CHECK_FALSE(TakeNext(f.state, 16, gate, 0));
    f.definitions.triggers[1].paused = false;
    UpdateQueues(f.state, f.definitions);
    for (Delivery& delivery : begun) Landed(f.state, delivery, 3.0, Effect::kSuccess, gate, 0);
    for (std::int64_t position = next; position <= 100; position++) {
      auto delivery = TakeNext(f.state, 16, gate, 0);
      REQUIRE(delivery);
      CHECK(delivery->event->order.position == position);
      Landed(f.state, *delivery, 3.0, Effect::kSuccess, gate, 0);
    }
    CHECK(f.state.bytes_in_flight == 0);
    CHECK(f.state.queues[1].bytes == 0);
  }
}

TEST_CASE("one that begins to hang while it is ahead delays nobody else") {
  constexpr int kConcurrency = 16;
  constexpr int kEach = 60;
  Fixture f({1, 2});
  OpenGate gate;
  for (auto& [id, queue] : f.state.queues) queue.latency = 1;
  for (std::int64_t position = 1; position <= kEach; position++) f.Admit(position, {10, 20});
  std::deque<Delivery> ahead;
  std::vector<Delivery> posted;
  int hanging = 0;
  int served = 0;
  for (int round = 0; round < 10 * kEach; round++) {
    while (auto delivery = TakeNext(f.state, kConcurrency, gate, 0)) {
      if (delivery->ahead)
        ahead.push_back(std::move(*delivery));
      else
        posted.push_back(std::move(*delivery));
    }
    while (!ahead.empty() && static_cast<int>(posted.size()) + hanging < PlacesAhead(kConcurrency)) {
      Begun(f.state, ahead.front());
      posted.push_back(std::move(ahead.front()));
      ahead.pop_front();
    }
    for (Delivery& delivery : posted) {
      if (delivery.trigger_id == 1) {
        hanging++;
        continue;
      }
      served++;
      Landed(f.state, delivery, 1.0, Effect::kSuccess, gate, 0);
    }
    posted.clear();
  }
  CHECK(served == kEach);
}

TEST_CASE("one that has become slow is not ahead, nor is one whose endpoint has limits") {
  Fixture f({1});
  OpenGate gate;
  for (std::int64_t position = 1; position <= 100; position++) f.Admit(position, {10});
  auto delivery = TakeNext(f.state, 16, gate, 0);
  Landed(f.state, *delivery, 1000.0, Effect::kSuccess, gate, 0);
  int taken = 0;
  while ((delivery = TakeNext(f.state, 16, gate, 0))) {
    CHECK_FALSE(delivery->ahead);
    taken++;
  }
  CHECK(taken == 8);

  f.state.queues[1].latency = 1;
  f.state.queues[1].limited = true;
  while ((delivery = TakeNext(f.state, 16, gate, 0))) {
    CHECK_FALSE(delivery->ahead);
    taken++;
  }
  CHECK(taken == PlacesAhead(16));
}

TEST_CASE("with a window of one, everybody has one") {
  Fixture f({1, 2});
  OpenGate gate;
  f.Admit(1, {10, 20});
  f.Admit(2, {10, 20});
  CHECK(TakeNext(f.state, 1, gate, 0)->trigger_id == 1);
  CHECK(TakeNext(f.state, 1, gate, 0)->trigger_id == 2);
  CHECK_FALSE(TakeNext(f.state, 1, gate, 0));
}

TEST_CASE("with more event triggers than places everybody gets the same") {
  constexpr int kTriggers = 1000;
  Fixture f({});
  for (std::int32_t id = 1; id <= kTriggers; id++) f.Add(id);
  OpenGate gate;
  std::vector<Delivery> in_flight;
  std::map<std::int32_t, int> served;
  const auto fill = [&] {
    while (auto delivery = TakeNext(f.state, 4, gate, 0)) in_flight.push_back(std::move(*delivery));
  };
  std::vector<std::int32_t> all;
  for (std::int32_t id = 1; id <= kTriggers; id++) all.push_back(id * 10);
  for (std::int64_t position = 1; position <= 10; position++) f.Admit(position, all);
  fill();
  CHECK(in_flight.size() < kTriggers);  // descriptors are not without end
  for (int round = 0; round < 5; round++) {
    for (int i = 0; i < kTriggers; i++) {
      Delivery landed = std::move(in_flight.front());
      in_flight.erase(in_flight.begin());
      served[landed.trigger_id]++;
      Landed(f.state, landed, 1.0, Effect::kSuccess, gate, 0);
      fill();
    }
    for (std::int32_t id = 1; id <= kTriggers; id++) REQUIRE(served[id] == round + 1);
  }
}

TEST_CASE("who hangs, is slow, limited or broken delays nobody else") {
  constexpr int kEach = 50;
  Fixture f({1, 2, 3, 4, 5, 6});
  RuledGate gate;
  for (std::int32_t id = 1; id <= 6; id++) f.state.queues[id].endpoint = id;
  gate.places[2].rule.concurrency = 1;
  gate.places[3].rule = {0, 1, 1, {}};
  gate.places[4].rule.breaker = BreakerRule{1, 0, std::chrono::hours(1), std::chrono::hours(1), std::chrono::hours(1)};
  for (std::int64_t position = 1; position <= kEach; position++) f.Admit(position, {10, 20, 30, 40, 50, 60});
  std::vector<Delivery> hanging;
  std::map<std::int32_t, int> served;
  for (Time now = kSecond; now < 2 * kSecond; now += kMillisecond) {
    ReleaseDue(f.state, now);
    std::vector<Delivery> round;
    while (auto delivery = TakeNext(f.state, 8, gate, now)) round.push_back(std::move(*delivery));
    for (Delivery& delivery : round) {
      const std::int32_t id = delivery.trigger_id;
      served[id]++;
      if (id <= 2)
        hanging.push_back(std::move(delivery));
      else
        Landed(f.state, delivery, 1.0, id == 4 ? Effect::kFailure : Effect::kSuccess, gate, now);
    }
  }
  CHECK(served[1] < 8);
  CHECK(served[2] == 1);
  CHECK(served[3] == 1);
  CHECK(served[4] == 1);
  CHECK(f.state.queues[4].broken);
  CHECK(served[5] == kEach);
  CHECK(served[6] == kEach);
  CHECK(gate.places[4].asked == 2);  // and is not asked in vain meanwhile
  CHECK(gate.places[2].asked < 10);
}

TEST_CASE("a place that gets free goes to who has waited longest") {
  Fixture f({1, 2, 3});
  RuledGate gate;
  gate.places[7].rule.concurrency = 1;
  for (auto& [id, queue] : f.state.queues) queue.endpoint = 7;
  for (std::int64_t position = 1; position <= 5; position++) f.Admit(position, {10, 20, 30});
  std::vector<std::int32_t> order;
  while (auto delivery = TakeNext(f.state, 64, gate, kSecond)) {
    CHECK_FALSE(TakeNext(f.state, 64, gate, kSecond));
    order.push_back(delivery->trigger_id);
    Landed(f.state, *delivery, 1.0, Effect::kSuccess, gate, kSecond);
  }
  REQUIRE(order.size() == 15);
  for (std::size_t i = 0; i + 3 <= order.size(); i += 3)
    CHECK(std::set<std::int32_t>(order.begin() + i, order.begin() + i + 3).size() == 3);
}

TEST_CASE("while a breaker is open its triggers are detached and read nothing; afterwards they catch up") {
  Fixture f({1, 2});
  RuledGate gate;
  f.state.queues[1].endpoint = 1;
  f.state.queues[2].endpoint = 2;
  gate.places[1].rule.breaker =
      BreakerRule{1, 0, std::chrono::seconds(10), std::chrono::seconds(10), std::chrono::seconds(10)};
  f.Admit(1, {10, 20});
  f.Admit(2, {10, 20});
  Time now = kSecond;
  std::optional<Delivery> first = TakeNext(f.state, 8, gate, now);
  REQUIRE(first);
  Landed(f.state, *first, 1.0, Effect::kFailure, gate, now);
  while (auto delivery = TakeNext(f.state, 8, gate, now)) CHECK(delivery->trigger_id == 2);
  Queue& queue = f.state.queues[1];
  REQUIRE(queue.broken);
  f.Admit(3, {10, 20});
  REQUIRE(queue.own);
  CHECK(queue.waiting.size() == 1);
  CHECK_FALSE(OwnClaimWanted(queue));
  CHECK(NextRelease(f.state) == now + 10 * kSecond);
  now = NextRelease(f.state);
  ReleaseDue(f.state, now);
  CHECK(OwnClaimWanted(queue));
  auto probe = TakeNext(f.state, 8, gate, now);
  REQUIRE(probe);
  CHECK(probe->probe);
  Landed(f.state, *probe, 1.0, Effect::kSuccess, gate, now);
  CHECK(gate.places[1].state.breaker == Breaker::kClosed);
}
