// The cohort's states and races, as live/README.md states them.
#include "live/registry.hpp"

#include <string>
#include <utility>

#include <catch2/catch.hpp>

namespace threefactor::live {

namespace {

using namespace std::chrono_literals;

struct Fixture {
  explicit Fixture(RegistryOptions options = {}) : registry(options) { registry.SetTrusted(true); }

  Registry registry;
  Time now = Time() + 1h;
  Engine::SubscriptionId next_id = 1;

  static std::shared_ptr<const sql::Compiled> Query(std::string text, std::vector<schema::Oid> reads) {
    sql::Compiled compiled;
    compiled.kind = sql::Compiled::Kind::kSubscription;
    compiled.statements.push_back({.text = std::move(text), .parameters = {}, .error_path = "$", .empty_result = ""});
    compiled.reads = std::move(reads);
    return std::make_shared<const sql::Compiled>(std::move(compiled));
  }
  std::shared_ptr<Subscriber> Join(std::string text, std::vector<schema::Oid> reads, Session session = {}) {
    auto subscriber = std::make_shared<Subscriber>();
    subscriber->id = next_id++;
    at_once = registry.Join(subscriber, Query(std::move(text), std::move(reads)), std::move(session), now);
    return subscriber;
  }
  std::string NextText() {  // of the run that begins; "" if none
    const auto run = registry.Next(now);
    last_run = run ? run->cohort : 0;
    return run ? run->compiled->statements[0].text : "";
  }
  Registry::Delivery Finish(std::string data) { return registry.Finish(last_run, std::move(data), now); }
  Registry::Delivery Fail(std::string_view code, std::string message) {
    return registry.Finish(last_run, Error(code, std::move(message)), now);
  }
  void RunClean(std::string data = "{}") {
    REQUIRE_FALSE(NextText().empty());
    Finish(std::move(data));
  }
  void Change(schema::Oid relation) { registry.Mark({.relations = {relation}}, now); }

  std::optional<Update> at_once;
  Registry::CohortId last_run = 0;
};

struct WithInterval : Fixture {
  WithInterval() : Fixture({.minimum_interval = 100ms}) {}
};

}  // namespace

TEST_CASE_METHOD(Fixture, "registry: a new subscription runs and is told the result") {
  const auto one = Join("q", {1});
  CHECK_FALSE(at_once);
  CHECK(NextText() == "q");
  CHECK(NextText().empty());
  last_run = 1;
  const auto delivery = Finish("{\"a\":1}");
  CHECK(*delivery.update.data == "{\"a\":1}");
  CHECK(delivery.to == Subscribers{one});
}

TEST_CASE_METHOD(Fixture, "registry: only a cohort that reads the relation runs again") {
  Join("one", {1, 2});
  Join("two", {3});
  RunClean();
  RunClean();
  Change(2);
  CHECK(NextText() == "one");
  CHECK(NextText().empty());
  registry.Mark({.relations = {}, .schema = true}, now);
  CHECK(NextText() == "two");
}

TEST_CASE_METHOD(Fixture, "registry: equal statement, parameters, layout and session make one cohort; any other two") {
  Join("q", {1}, {"r", "{}"});
  Join("q", {1}, {"r", "{}"});
  CHECK(registry.cohorts() == 1);
  Join("q", {1}, {"s", "{}"});
  Join("q", {1}, {"r", "{\"x-hasura-user-id\":\"1\"}"});
  Join("p", {1}, {"r", "{}"});
  CHECK(registry.cohorts() == 4);
  sql::Compiled aliased = *Query("q", {1});
  aliased.parts.push_back({"{\"alias\":", 0, 0});
  auto subscriber = std::make_shared<Subscriber>();
  subscriber->id = next_id++;
  registry.Join(subscriber, std::make_shared<const sql::Compiled>(aliased), {"r", "{}"}, now);
  CHECK(registry.cohorts() == 5);
  aliased.statements[0].parameters = {"1"};
  subscriber = std::make_shared<Subscriber>();
  subscriber->id = next_id++;
  registry.Join(subscriber, std::make_shared<const sql::Compiled>(aliased), {"r", "{}"}, now);
  CHECK(registry.cohorts() == 6);
  CHECK(registry.subscribers() == 7);
}

TEST_CASE_METHOD(Fixture, "registry: one run in flight; marks during it lead to exactly one more") {
  Join("q", {1});
  CHECK(NextText() == "q");
  const auto run = last_run;
  Change(1);
  Change(1);
  CHECK(NextText().empty());
  last_run = run;
  CHECK(Finish("old").to.size() == 1);  // pushed although it is marked: a true, later state
  CHECK(NextText() == "q");
  CHECK(Finish("new").to.size() == 1);
  CHECK(NextText().empty());
}

TEST_CASE_METHOD(Fixture, "registry: only changed bytes are pushed") {
  Join("q", {1});
  RunClean("same");
  Change(1);
  CHECK(NextText() == "q");
  CHECK(Finish("same").to.empty());
  Change(1);
  CHECK(NextText() == "q");
  CHECK(Finish("other").to.size() == 1);
}

TEST_CASE_METHOD(Fixture, "registry: a newcomer of a clean cohort is told at once, without a run") {
  Join("q", {1});
  RunClean("result");
  Join("q", {1});
  REQUIRE(at_once);
  CHECK(*at_once->data == "result");
  CHECK(NextText().empty());
}

TEST_CASE_METHOD(Fixture, "registry: a newcomer of a dirty cohort waits for the run, also if the result is the same") {
  const auto one = Join("q", {1});
  RunClean("same");
  Change(1);
  const auto two = Join("q", {1});
  CHECK_FALSE(at_once);
  CHECK(NextText() == "q");
  const auto three = Join("q", {1});
  CHECK_FALSE(at_once);
  CHECK(Finish("same").to == Subscribers{two, three});
  CHECK(NextText().empty());
}

TEST_CASE_METHOD(Fixture, "registry: while signals are not trusted every newcomer causes a run") {
  registry.SetTrusted(false);
  Join("q", {1});
  RunClean("same");
  const auto two = Join("q", {1});
  CHECK_FALSE(at_once);
  CHECK(NextText() == "q");
  const auto three = Join("q", {1});  // the run's snapshot may be older than this one
  CHECK(Finish("same").to == Subscribers{two, three});
  CHECK(NextText() == "q");
}

TEST_CASE_METHOD(Fixture, "registry: the last subscriber takes the cohort along, in every state") {
  const auto one = Join("q", {1});
  const auto two = Join("q", {1});
  SECTION("queued") {
    CHECK_FALSE(registry.Leave(one->id));
    CHECK(registry.cohorts() == 1);
    CHECK_FALSE(registry.Leave(two->id));
    CHECK(NextText().empty());
  }
  SECTION("running: its run is to be cancelled, its slot is free, its result is ignored") {
    CHECK(NextText() == "q");
    CHECK_FALSE(registry.Leave(two->id));
    CHECK(registry.Leave(one->id) == last_run);
    CHECK(Finish("late").to.empty());
    for (int i = 0; i < 4; ++i) Join("other " + std::to_string(i), {1});
    for (int i = 0; i < 4; ++i) CHECK_FALSE(NextText().empty());
    CHECK(NextText().empty());
  }
  SECTION("clean") {
    RunClean();
    registry.Leave(one->id);
    registry.Leave(two->id);
    Change(1);
    CHECK(NextText().empty());
  }
  SECTION("resting") {
    CHECK(NextText() == "q");
    Fail(code::kPostgresError, "lost");
    CHECK(registry.WakeAt());
    registry.Leave(one->id);
    registry.Leave(two->id);
    CHECK_FALSE(registry.WakeAt());
  }
  if (registry.subscribers() == 0) CHECK(registry.cohorts() == 0);
  CHECK_FALSE(registry.Leave(999));
}

TEST_CASE_METHOD(Fixture, "registry: who has left is not told, whatever the order of leaving") {
  const auto one = Join("q", {1});
  const auto two = Join("q", {1});
  const auto three = Join("q", {1});
  RunClean("a");
  registry.Leave(one->id);
  registry.Leave(three->id);
  Change(1);
  CHECK(NextText() == "q");
  CHECK(Finish("b").to == Subscribers{two});
}

TEST_CASE_METHOD(Fixture, "registry: an error is told once, the cohort stays and heals with the next change") {
  const auto one = Join("q", {1});
  RunClean("good");
  Change(1);
  CHECK(NextText() == "q");
  const auto failed = Fail(code::kUnexpected, "division by zero");
  REQUIRE(failed.update.error);
  CHECK(failed.to == Subscribers{one});
  CHECK_FALSE(registry.WakeAt());
  CHECK(NextText().empty());

  Change(1);
  CHECK(NextText() == "q");
  CHECK(Fail(code::kUnexpected, "division by zero").to.empty());

  const auto two = Join("q", {1});  // does not take the old error for granted
  CHECK_FALSE(at_once);
  CHECK(NextText() == "q");
  CHECK(Finish("good").to == Subscribers{one, two});  // the same bytes, but an error came between
}

TEST_CASE_METHOD(Fixture, "registry: a lost connection is retried with a growing delay, told from the second time on") {
  Join("q", {1});
  CHECK(NextText() == "q");
  CHECK(Fail(code::kPostgresError, "lost").to.empty());
  CHECK(registry.WakeAt() == now + 500ms);
  CHECK(NextText().empty());
  now += 500ms;
  CHECK(NextText() == "q");
  CHECK(Fail(code::kPostgresError, "lost").to.size() == 1);
  CHECK(registry.WakeAt() == now + 1000ms);
  Change(1);  // does not shorten the rest
  CHECK(NextText().empty());
  now += 1000ms;
  CHECK(NextText() == "q");
  CHECK(Finish("good").to.size() == 1);
  CHECK_FALSE(registry.WakeAt());
}

TEST_CASE_METHOD(Fixture,
                 "registry: when the database has come back, what rested after a lost connection runs at once") {
  Join("a", {1});
  for (int failures = 0; failures < 5; ++failures) {
    REQUIRE(NextText() == "a");
    Fail(code::kPostgresError, "connection error");
    now = registry.WakeAt().value();
  }
  REQUIRE(NextText() == "a");
  registry.SetTrusted(false);
  Fail(code::kPostgresError, "connection error");
  CHECK(NextText().empty());
  registry.SetTrusted(true);
  CHECK(NextText() == "a");
  CHECK_FALSE(registry.WakeAt());
}

TEST_CASE_METHOD(WithInterval, "registry: the minimum interval is leading-edge") {
  Join("q", {1});
  RunClean("0");
  now += 1s;
  Change(1);
  CHECK(NextText() == "q");  // at once
  const auto started = now;
  now += 10ms;
  Finish("1");
  Change(1);
  Change(1);
  CHECK(NextText().empty());
  CHECK(registry.WakeAt() == started + 100ms);
  now = started + 100ms;
  CHECK(NextText() == "q");
  Change(1);  // during the run: rests too
  Finish("2");
  CHECK(NextText().empty());
  CHECK(registry.WakeAt() == started + 200ms);
}

TEST_CASE("registry: bounded concurrency, earlier signals first, then the most widely watched") {
  Fixture fixture({.concurrency = 2});
  fixture.Join("narrow", {1});
  fixture.Join("wide", {1});
  fixture.Join("wide", {1});
  fixture.Join("later", {2});
  fixture.Join("later", {2});
  fixture.Join("later", {2});
  for (int i = 0; i < 3; ++i) fixture.RunClean();
  fixture.Change(1);
  fixture.Change(2);
  CHECK(fixture.NextText() == "wide");
  const auto wide = fixture.last_run;
  CHECK(fixture.NextText() == "narrow");
  CHECK(fixture.NextText().empty());
  fixture.last_run = wide;
  fixture.Finish("1");
  fixture.Change(1);  // marked again: behind what was marked before
  CHECK(fixture.NextText() == "later");
  const auto later = fixture.last_run;
  CHECK(fixture.NextText().empty());
  fixture.last_run = later;
  fixture.Finish("1");
  CHECK(fixture.NextText() == "wide");
}

}  // namespace threefactor::live
