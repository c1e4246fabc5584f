#include "endpoint/endpoint.hpp"

#include <catch2/catch.hpp>

using namespace threefactor;
using namespace threefactor::delivery;
using namespace std::chrono_literals;

namespace {

constexpr int kMe = 1;
constexpr int kOther = 2;
constexpr Time kStart = 1000 * kSecond;

// One endpoint and the requests that two workers have there.
struct Endpoint {
  EndpointRule rule;
  EndpointState state = {};
  int own[3] = {};
  Verdict::Answer Ask(Time now, int who = kMe) {
    const Verdict verdict = Enter(state, rule, who, own[who], now);
    again_at = verdict.again_at;
    if (verdict.answer == Verdict::kGo || verdict.answer == Verdict::kProbe) own[who]++;
    return verdict.answer;
  }
  void End(Effect effect, Time now, bool probe = false, int who = kMe) {
    own[who]--;
    Leave(state, rule, probe, effect, now);
  }
  void Request(Effect effect, Time now) {
    REQUIRE(Ask(now) == Verdict::kGo);
    End(effect, now);
  }
  Time again_at = 0;
};

BreakerRule Sensitive() {
  BreakerRule rule;
  rule.failures = 3;
  rule.ratio = 0.5;
  rule.window = 10s;
  rule.cooldown = 4s;
  rule.max_cooldown = 10s;
  return rule;
}

}  // namespace

TEST_CASE("an endpoint without limits takes everything") {
  Endpoint endpoint;
  for (int i = 0; i < 10000; i++) REQUIRE(endpoint.Ask(kStart) == Verdict::kGo);
  CHECK(endpoint.state.in_flight == 10000);
}

TEST_CASE("the window is one for all workers, and nobody is kept out of it") {
  Endpoint endpoint;
  endpoint.rule.concurrency = 2;
  CHECK(endpoint.Ask(kStart) == Verdict::kGo);
  CHECK(endpoint.Ask(kStart) == Verdict::kGo);
  CHECK(endpoint.Ask(kStart) == Verdict::kFull);
  CHECK(endpoint.again_at == kStart + kSecond);  // its own requests will end before
  CHECK(endpoint.Ask(kStart, kOther) == Verdict::kFull);
  CHECK(endpoint.again_at < kStart + kSecond);  // nobody will tell it
  endpoint.End(Effect::kSuccess, kStart + 1);
  CHECK(endpoint.Ask(kStart + 1) == Verdict::kFull);  // kept for the other
  CHECK(endpoint.Ask(kStart + 2, kOther) == Verdict::kGo);
  endpoint.End(Effect::kSuccess, kStart + 3, false, kOther);
  CHECK(endpoint.Ask(kStart + 3) == Verdict::kGo);
}

TEST_CASE("a place kept for a worker that does not come is given away") {
  Endpoint endpoint;
  endpoint.rule.concurrency = 1;
  CHECK(endpoint.Ask(kStart) == Verdict::kGo);
  CHECK(endpoint.Ask(kStart, kOther) == Verdict::kFull);
  endpoint.End(Effect::kSuccess, kStart);
  CHECK(endpoint.Ask(kStart) == Verdict::kFull);
  CHECK(endpoint.Ask(kStart + kSecond) == Verdict::kGo);
}

TEST_CASE("the rate holds back, says until when, and allows a burst after a pause") {
  Endpoint endpoint;
  endpoint.rule.rate = 10;
  endpoint.rule.burst = 3;
  Time now = kStart;
  for (int i = 0; i < 3; i++) endpoint.Request(Effect::kSuccess, now);
  CHECK(endpoint.Ask(now) == Verdict::kTooFast);
  CHECK(endpoint.again_at == now + kSecond / 10);
  CHECK(endpoint.state.rate_limited_at == now);
  int made = 0;
  for (const Time end = now + 10 * kSecond; now < end; now += kMillisecond)
    if (endpoint.Ask(now) == Verdict::kGo) {
      endpoint.End(Effect::kSuccess, now);
      made++;
    }
  CHECK(made >= 99);
  CHECK(made <= 100);
  now += 3600 * kSecond;
  for (int i = 0; i < 3; i++) endpoint.Request(Effect::kSuccess, now);
  CHECK(endpoint.Ask(now) == Verdict::kTooFast);
}

TEST_CASE("a clock that goes back neither opens nor blocks the rate") {
  Endpoint endpoint;
  endpoint.rule.rate = 1;
  endpoint.rule.burst = 1;
  endpoint.Request(Effect::kSuccess, kStart);
  CHECK(endpoint.Ask(kStart - 3600 * kSecond) == Verdict::kTooFast);
  CHECK(endpoint.Ask(kStart - 3599 * kSecond) == Verdict::kGo);
}

TEST_CASE("the breaker opens by number and part of the failures in a window") {
  Endpoint endpoint;
  endpoint.rule.breaker = Sensitive();
  SECTION("enough failures") {
    for (int i = 0; i < 3; i++) endpoint.Request(Effect::kFailure, kStart);
    CHECK(endpoint.Ask(kStart) == Verdict::kOpen);
    CHECK(endpoint.again_at == kStart + 4 * kSecond);
  }
  SECTION("not when most succeed") {
    for (int i = 0; i < 10; i++) endpoint.Request(Effect::kSuccess, kStart);
    for (int i = 0; i < 9; i++) endpoint.Request(Effect::kFailure, kStart);
    CHECK(endpoint.state.breaker == Breaker::kClosed);
    endpoint.Request(Effect::kFailure, kStart);
    CHECK(endpoint.state.breaker == Breaker::kOpen);
  }
  SECTION("not over windows") {
    for (int i = 0; i < 20; i++) endpoint.Request(Effect::kFailure, kStart + i * 6 * kSecond);
    CHECK(endpoint.state.breaker == Breaker::kClosed);
  }
  SECTION("not for requests that were not made") {
    for (int i = 0; i < 20; i++) endpoint.Request(Effect::kNone, kStart);
    CHECK(endpoint.state.breaker == Breaker::kClosed);
  }
}

TEST_CASE("after the cooldown one probe goes; it closes the breaker, or doubles the cooldown up to its limit") {
  Endpoint endpoint;
  endpoint.rule.breaker = Sensitive();
  Time now = kStart;
  for (int i = 0; i < 3; i++) REQUIRE(endpoint.Ask(now) == Verdict::kGo);
  for (int i = 0; i < 3; i++) endpoint.End(Effect::kFailure, now);
  for (const Time cooldown : {4 * kSecond, 8 * kSecond, 10 * kSecond, 10 * kSecond}) {
    CHECK(endpoint.Ask(now + cooldown - 1) == Verdict::kOpen);
    now += cooldown;
    CHECK(endpoint.Ask(now) == Verdict::kProbe);
    CHECK(endpoint.Ask(now) == Verdict::kFull);
    CHECK(endpoint.Ask(now, kOther) == Verdict::kFull);
    endpoint.End(Effect::kFailure, now, true);
  }
  now += 10 * kSecond;
  REQUIRE(endpoint.Ask(now) == Verdict::kProbe);
  endpoint.End(Effect::kSuccess, now, true);
  CHECK(endpoint.state.breaker == Breaker::kClosed);
  for (int i = 0; i < 3; i++) endpoint.Request(Effect::kFailure, now);
  CHECK(endpoint.again_at == 0);
  CHECK(endpoint.Ask(now) == Verdict::kOpen);
  CHECK(endpoint.again_at == now + 4 * kSecond);  // from the start again
}

TEST_CASE("what was in flight when the breaker opened says nothing any more") {
  Endpoint endpoint;
  endpoint.rule.breaker = Sensitive();
  for (int i = 0; i < 5; i++) REQUIRE(endpoint.Ask(kStart) == Verdict::kGo);
  for (int i = 0; i < 3; i++) endpoint.End(Effect::kFailure, kStart);
  REQUIRE(endpoint.state.breaker == Breaker::kOpen);
  endpoint.End(Effect::kSuccess, kStart + 1);
  CHECK(endpoint.state.breaker == Breaker::kOpen);
  REQUIRE(endpoint.Ask(kStart + 4 * kSecond) == Verdict::kProbe);
  endpoint.End(Effect::kFailure, kStart + 4 * kSecond);  // not the probe
  CHECK(endpoint.state.breaker == Breaker::kProbing);
  CHECK(endpoint.state.in_flight == 1);
}

TEST_CASE("a probe that was not made, or whose worker died, is followed by another") {
  Endpoint endpoint;
  endpoint.rule.breaker = Sensitive();
  for (int i = 0; i < 3; i++) endpoint.Request(Effect::kFailure, kStart);
  const Time later = kStart + 4 * kSecond;
  REQUIRE(endpoint.Ask(later) == Verdict::kProbe);
  SECTION("not made") {
    endpoint.End(Effect::kNone, later, true);
  }
  SECTION("died") {
    Abandon(endpoint.state, kMe, 1, later);
    endpoint.own[kMe] = 0;
  }
  CHECK(endpoint.state.in_flight == 0);
  CHECK(endpoint.Ask(later, kOther) == Verdict::kProbe);
}

TEST_CASE("without a rule for it an open breaker closes") {
  Endpoint endpoint;
  endpoint.rule.breaker = Sensitive();
  for (int i = 0; i < 3; i++) endpoint.Request(Effect::kFailure, kStart);
  endpoint.rule.breaker.reset();
  CHECK(endpoint.Ask(kStart) == Verdict::kGo);
  CHECK(endpoint.state.breaker == Breaker::kClosed);
}

TEST_CASE("event triggers that share an endpoint get the strictest of their rules") {
  EndpointRule a;
  EndpointRule b;
  a.concurrency = 5;
  b.rate = 2;
  b.burst = 1;
  a.breaker = Sensitive();
  b.breaker = BreakerRule();
  for (const EndpointRule& both : {Strictest(a, b), Strictest(b, a)}) {
    CHECK(both.concurrency == 5);
    CHECK(both.rate == 2);
    CHECK(both.burst == 1);
    CHECK(both.breaker->failures == 3);
  }
  b.concurrency = 3;
  CHECK(Strictest(a, b).concurrency == 3);
}
