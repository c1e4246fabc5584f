#include "queue/key_order.hpp"

#include <random>

#include <catch2/catch.hpp>

#include "unit/delivery/fixture.hpp"

using namespace threefactor;
using namespace threefactor::delivery;

namespace {

// An ordered event trigger, 1, and the rows of parked as the worker's statements would leave them.
struct Ordered {
  explicit Ordered(Order order = Order::kBlockOnDead) : f({1}) {
    f.definitions.definitions[10].order = order;
    UpdateQueues(f.state, f.definitions);
  }

  struct Row {
    OrderKey key;
    std::string state;
    int attempts;
  };

  void Claim(OrderKey key) {
    const std::int32_t ids[] = {10};
    const OrderKey keys[] = {key};
    REQUIRE(AdmitFromMain(f.state, f.definitions, EventAt(5, ++position), {ids, keys}) == Admission::kTaken);
  }
  std::optional<Delivery> Take() { return TakeNext(f.state, 64, gate, now); }
  std::vector<std::int64_t> TakeAll() {
    std::vector<std::int64_t> positions;
    while (auto delivery = Take()) {
      positions.push_back(delivery->event->order.position);
      in_flight.push_back(std::move(*delivery));
    }
    return positions;
  }
  void End(Delivery delivery, Outcome outcome) {
    Landed(f.state, delivery, 1.0, Effect::kSuccess, gate, now);
    Attempt attempt;
    attempt.outcome = outcome;
    attempt.delivery = std::move(delivery);
    f.state.finished.push_back(std::move(attempt));
  }
  // As journal.cpp does.
  void Settle() {
    for (const Attempt& attempt : f.state.finished) {
      const Delivery& delivery = attempt.delivery;
      if (delivery.parked)
        queue().loaded.erase(delivery.event->id);
      else
        queue().unsettled.erase(delivery.event->order);
      if (attempt.outcome == Outcome::kRetrying || attempt.outcome == Outcome::kDead)
        rows[delivery.event->order.position] = {
            delivery.order_key, attempt.outcome == Outcome::kDead ? "dead" : "retrying", delivery.attempts + 1};
      else
        rows.erase(delivery.event->order.position);
      SettledInOrder(f.state, attempt);
    }
    f.state.finished.clear();
  }
  void WriteBehind() {
    const std::vector<Delivery> behind = TakeBehind(f.state);
    for (const Delivery& delivery : behind)
      rows[delivery.event->order.position] = {delivery.order_key, "blocked", delivery.attempts};
    for (const Delivery& delivery : behind) GotRow(f.state, 1, delivery.order_key);
  }
  std::int64_t Head(OrderKey key) const {
    for (const auto& [at, row] : rows)
      if (row.key == key && (row.state == "retrying" || (row.state == "dead" && order() == Order::kBlockOnDead)))
        return at;
    return 0;
  }
  Delivery Load(std::int64_t at, const Row& row) {
    Delivery delivery;
    delivery.event = EventAt(5, at);
    delivery.definition_id = 10;
    delivery.trigger_id = 1;
    delivery.attempts = row.attempts;
    delivery.parked = true;
    delivery.order_key = row.key;
    delivery.blocked = row.state == "blocked";
    return delivery;
  }
  void LoadBlocked(std::size_t page = 3) {
    while (const auto next = NextToCheck(f.state)) {
      const OrderKey key = next->second;
      const std::int64_t head = Head(key);
      std::vector<Delivery> loaded;
      for (const auto& [at, row] : rows)
        if (head == 0 && row.key == key && row.state == "blocked" && loaded.size() < page)
          loaded.push_back(Load(at, row));
      const bool more = loaded.size() == page;
      Checked(f.state, 1, key, std::move(loaded), more, head);
    }
  }
  void LoadRetries() {
    for (const auto& [at, row] : rows) {
      if (row.state != "retrying") continue;
      Delivery delivery = Load(at, row);
      if (!queue().loaded.contains(delivery.event->id)) Enqueue(f.state, std::move(delivery));
    }
  }
  void FindRows() {
    std::unordered_map<OrderKey, std::int64_t> heads;
    for (const auto& [at, row] : rows)
      if (row.state != "dead" || order() == Order::kBlockOnDead) heads.emplace(row.key, Head(row.key));
    FoundRows(f.state, 1, queue(), heads);
  }
  Order order() const { return f.state.queues.at(1).order; }
  Queue& queue() { return f.state.queues.at(1); }

  Fixture f;
  OpenGate gate;
  Time now = kSecond;
  std::int64_t position = 0;
  std::map<std::int64_t, Row> rows;
  std::vector<Delivery> in_flight;
};

}  // namespace

TEST_CASE("of each key one is in flight, and the next goes when it is settled") {
  Ordered o;
  for (const OrderKey key : {7, 7, 8, 7, 0, 0}) o.Claim(key);
  CHECK(o.TakeAll() == std::vector<std::int64_t>{1, 3, 5, 6});
  o.End(std::move(o.in_flight[0]), Outcome::kDelivered);
  CHECK(o.TakeAll().empty());
  o.Settle();
  CHECK(o.TakeAll() == std::vector<std::int64_t>{2});
}

TEST_CASE("behind a retry all of its key get rows, and come in order when it is over") {
  Ordered o;
  for (int i = 0; i < 10; i++) o.Claim(7);
  o.Claim(8);
  CHECK(o.TakeAll() == std::vector<std::int64_t>{1, 11});
  o.End(std::move(o.in_flight[0]), Outcome::kRetrying);
  o.Settle();
  o.Claim(7);
  CHECK(o.TakeAll().empty());
  CHECK(o.f.state.behind.size() == 10);
  CHECK_FALSE(BehindIsDue(o.f.state, o.now));
  CHECK(BehindIsDue(o.f.state, o.now + kSecond));
  o.WriteBehind();
  o.LoadBlocked();
  CHECK(o.rows.size() == 11);
  CHECK(o.queue().bytes == 0);
  CHECK(o.TakeAll().empty());
  o.LoadRetries();
  std::vector<std::int64_t> seen;
  while (auto delivery = o.Take()) {
    seen.push_back(delivery->event->order.position);
    CHECK_FALSE(o.Take());
    o.End(std::move(*delivery), Outcome::kDelivered);
    o.Settle();
    o.LoadBlocked();
  }
  CHECK(seen == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12});
  CHECK(o.rows.empty());
  CHECK(o.queue().lines.size() == 1);  // that of the one still in flight
}

TEST_CASE("a dead letter blocks its key until it is gone; or not, as asked") {
  Ordered blocking;
  blocking.Claim(7);
  blocking.Claim(7);
  blocking.End(*blocking.Take(), Outcome::kDead);
  blocking.Settle();
  blocking.WriteBehind();
  blocking.LoadBlocked();
  blocking.FindRows();
  blocking.LoadBlocked();
  CHECK_FALSE(blocking.Take());
  blocking.WriteBehind();
  blocking.rows.erase(1);
  blocking.FindRows();
  blocking.LoadBlocked();
  CHECK(blocking.Take()->event->order.position == 2);

  Ordered skipping(Order::kSkipDead);
  skipping.Claim(7);
  skipping.Claim(7);
  skipping.End(*skipping.Take(), Outcome::kDead);
  skipping.Settle();
  CHECK(skipping.Take()->event->order.position == 2);
}

TEST_CASE("a key without rows is free again after its dead letter was discarded") {
  Ordered o;
  o.Claim(7);
  o.End(*o.Take(), Outcome::kDead);
  o.Settle();
  o.rows.clear();
  o.FindRows();
  o.LoadBlocked();
  CHECK(o.queue().lines.empty());
  o.Claim(7);
  CHECK(o.Take());
}

TEST_CASE("a long line behind a slow delivery leaves room for other keys") {
  Ordered o;
  o.Claim(7);
  REQUIRE(o.Take());
  while (HasRoom(o.queue())) o.Claim(7);
  CHECK_FALSE(o.Take());
  o.now += kSecond;
  ShortenLines(o.f.state, o.now);
  CHECK_FALSE(o.f.state.behind.empty());
  o.WriteBehind();
  CHECK(IsHungry(o.queue()));
  o.Claim(8);
  CHECK(o.Take()->order_key == 8);
}

TEST_CASE("what was in memory before a crash goes before the rows of its key") {
  Ordered o;
  o.rows[5] = {7, "blocked", 0};
  o.rows[6] = {7, "blocked", 0};
  EnqueueAgain(o.f.state, EventAt(5, 4), {10, 7}, 1);
  EnqueueAgain(o.f.state, EventAt(5, 9), {10, 7}, 1);
  SeatBefore(o.f.state, 1, o.queue(), 7, 5);
  o.FindRows();
  o.LoadBlocked();
  std::vector<std::int64_t> seen;
  for (int i = 0; i < 10; i++) {
    while (auto delivery = o.Take()) {
      seen.push_back(delivery->event->order.position);
      o.End(std::move(*delivery), Outcome::kDelivered);
    }
    o.Settle();
    o.WriteBehind();
    o.LoadBlocked();
  }
  CHECK(seen == std::vector<std::int64_t>{4, 5, 6, 9});
}

TEST_CASE("an event trigger that is not ordered any more posts all it has") {
  Ordered o;
  for (int i = 0; i < 3; i++) o.Claim(7);
  REQUIRE(o.Take());
  CHECK_FALSE(o.Take());
  o.f.definitions.definitions[10].order = Order::kNone;
  UpdateQueues(o.f.state, o.f.definitions);
  CHECK(o.TakeAll().size() == 2);
}

TEST_CASE("what waits when an event trigger is halted for long gets rows, and comes in order afterwards") {
  Ordered o;
  for (const OrderKey key : {7, 7, 7, 8, 0}) o.Claim(key);
  REQUIRE(o.Take());
  o.f.definitions.triggers[1].paused = true;
  UpdateQueues(o.f.state, o.f.definitions);
  PutAllBehind(o.f.state, o.queue());
  o.WriteBehind();
  o.LoadBlocked();
  CHECK(o.rows.size() == 3);
  o.f.definitions.triggers[1].paused = false;
  UpdateQueues(o.f.state, o.f.definitions);
  o.LoadBlocked();
  const auto positions = o.TakeAll();
  CHECK(std::set<std::int64_t>(positions.begin(), positions.end()) == std::set<std::int64_t>{4, 5});
}

TEST_CASE("a retry that is put behind with the rest is looked for again, first of its key") {
  Ordered o;
  for (int i = 0; i < 3; i++) o.Claim(7);
  auto delivery = o.Take();
  REQUIRE(delivery);
  o.End(std::move(*delivery), Outcome::kRetrying);
  o.Settle();
  o.WriteBehind();
  o.LoadRetries();
  PutAllBehind(o.f.state, o.queue());
  o.WriteBehind();
  o.LoadBlocked();
  CHECK(o.TakeAll() == std::vector<std::int64_t>{1});
}

// Whatever happens in whatever order: one of a key at a time, none before those that were claimed earlier are done, all
// in the end.
TEST_CASE("order by key under random schedules") {
  const auto seed = GENERATE(range(1u, 200u));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto dice = [&](int sides) { return static_cast<int>(random() % static_cast<unsigned>(sides)); };
  const Order order = dice(2) ? Order::kBlockOnDead : Order::kSkipDead;
  Ordered o(order);
  const int keys = 1 + dice(5);
  const int events = 200;
  std::map<OrderKey, std::vector<std::int64_t>> claimed;
  std::map<OrderKey, std::vector<std::int64_t>> done;
  const auto act = [&](int what, bool calm) {
    switch (what) {
      case 0:
        if (o.position < events && HasRoom(o.queue()) && !Halted(o.queue())) {
          const OrderKey key = 1 + dice(keys);
          o.Claim(key);
          claimed[key].push_back(o.position);
        }
        break;
      case 1:
        if (auto delivery = o.Take()) {
          for (const Delivery& other : o.in_flight) REQUIRE(other.order_key != delivery->order_key);
          for (const Attempt& other : o.f.state.finished) REQUIRE(other.delivery.order_key != delivery->order_key);
          // All claimed before it are done.
          const auto& line = claimed[delivery->order_key];
          REQUIRE(line[done[delivery->order_key].size()] == delivery->event->order.position);
          o.in_flight.push_back(std::move(*delivery));
        }
        break;
      case 2:
        if (!o.in_flight.empty()) {
          const std::size_t which = dice(static_cast<int>(o.in_flight.size()));
          Delivery delivery = std::move(o.in_flight[which]);
          o.in_flight.erase(o.in_flight.begin() + static_cast<std::ptrdiff_t>(which));
          const int fate = calm ? 9 : dice(10);
          const Outcome outcome = fate < 2 ? Outcome::kRetrying : fate == 2 ? Outcome::kDead : Outcome::kDelivered;
          if (outcome == Outcome::kDelivered || (outcome == Outcome::kDead && order == Order::kSkipDead))
            done[delivery.order_key].push_back(delivery.event->order.position);
          o.End(std::move(delivery), outcome);
        }
        break;
      case 3:
        o.Settle();
        break;
      case 4:
        o.WriteBehind();
        break;
      case 5:
        o.LoadBlocked(1 + dice(4));
        break;
      case 6:
        o.LoadRetries();
        break;
      case 7:  // redeliver
        if (order == Order::kBlockOnDead)
          for (auto& [at, row] : o.rows)
            if (row.state == "dead") row.state = "retrying";
        o.FindRows();
        break;
      case 8:
        o.now += 3 * kSecond;
        ShortenLines(o.f.state, o.now);
        break;
      case 9:
        if (dice(10) == 0) {
          o.f.definitions.triggers[1].paused = !o.f.definitions.triggers[1].paused;
          UpdateQueues(o.f.state, o.f.definitions);
          if (Halted(o.queue()) || dice(2)) PutAllBehind(o.f.state, o.queue());
        }
        break;
    }
  };
  for (int i = 0; i < 5000; i++) act(dice(10), false);
  o.f.definitions.triggers[1].paused = false;
  UpdateQueues(o.f.state, o.f.definitions);
  for (int i = 0; i < 20 * events; i++)
    for (int what = 0; what <= 7; what++) act(what, true);
  CHECK(done == claimed);
  CHECK(o.queue().lines.empty());
  CHECK(o.queue().bytes == 0);
  CHECK(o.queue().unsettled.empty());
  CHECK(o.queue().loaded.empty());
}
