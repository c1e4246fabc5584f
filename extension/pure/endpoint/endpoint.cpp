#include "endpoint/endpoint.hpp"

#include <algorithm>
#include <cmath>

namespace threefactor::delivery {

namespace {

// Another worker holds what this one waits for, and cannot tell it when it is free.
constexpr Time kLookAgain = 10 * kMillisecond;
constexpr Time kPlaceIsKept = 3 * kLookAgain;
constexpr Time kLookAnyway = kSecond;
constexpr int kMostDoublings = 30;

Time Microseconds(Milliseconds time) {
  return time.count() * kMillisecond;
}

template <typename T>
T Lower(T a, T b) {  // 0: no limit
  return a == 0 ? b : b == 0 ? a : std::min(a, b);
}

void Open(EndpointState& state, const BreakerRule& rule, Time now) {
  const double cooldown =
      std::ldexp(static_cast<double>(Microseconds(rule.cooldown)), std::min(state.openings, kMostDoublings));
  const double most = static_cast<double>(Microseconds(std::max(rule.cooldown, rule.max_cooldown)));
  state.breaker = Breaker::kOpen;
  state.open_until = now + static_cast<Time>(std::min(cooldown, most));
  state.openings++;
}

void Close(EndpointState& state, Time now) {
  state.breaker = Breaker::kClosed;
  state.openings = 0;
  state.open_until = 0;
  state.window_began = now;
  state.failures = 0;
  state.successes = 0;
}

void Refill(EndpointState& state, const EndpointRule& rule, Time now) {
  const double seconds = static_cast<double>(std::max<Time>(now - state.refilled_at, 0)) / kSecond;
  state.tokens = state.refilled_at == 0 ? rule.burst : std::min(rule.burst, state.tokens + seconds * rule.rate);
  state.refilled_at = now;
}

// A worker that has just ended a request would always be quicker to take the place again than one that looks now and
// then: so one place is kept for the latter.
bool FindPlace(EndpointState& state, int places, int who, int own, Time now) {
  if (state.turned_away != 0 && now - state.turned_away_at >= kPlaceIsKept) state.turned_away = 0;
  const int kept = state.turned_away != 0 && state.turned_away != who ? 1 : 0;
  if (state.in_flight + kept < places) return true;
  if (kept == 0 && state.in_flight > own) {
    state.turned_away = who;
    state.turned_away_at = now;
  }
  return false;
}

}  // namespace

EndpointRule Strictest(const EndpointRule& a, const EndpointRule& b) {
  EndpointRule strictest;
  strictest.concurrency = Lower(a.concurrency, b.concurrency);
  strictest.rate = Lower(a.rate, b.rate);
  strictest.burst = Lower(a.burst, b.burst);
  if (a.breaker && b.breaker)
    strictest.breaker = a.breaker->failures <= b.breaker->failures ? a.breaker : b.breaker;
  else
    strictest.breaker = a.breaker ? a.breaker : b.breaker;
  return strictest;
}

Verdict Enter(EndpointState& state, const EndpointRule& rule, int who, int own, Time now) {
  if (!rule.breaker) {
    if (state.breaker != Breaker::kClosed) Close(state, now);
  } else if (state.breaker == Breaker::kOpen && now < state.open_until) {
    return {Verdict::kOpen, state.open_until};
  } else if (state.breaker == Breaker::kProbing) {
    return {Verdict::kFull, now + (state.prober == who ? kLookAnyway : kLookAgain)};
  }
  if (rule.concurrency > 0 && !FindPlace(state, rule.concurrency, who, own, now))
    return {Verdict::kFull, now + (state.turned_away != 0 ? kLookAgain : kLookAnyway)};
  if (rule.rate > 0) {
    Refill(state, rule, now);
    if (state.tokens < 1) {
      state.rate_limited_at = now;
      return {Verdict::kTooFast, now + static_cast<Time>(std::ceil((1 - state.tokens) / rule.rate * kSecond))};
    }
    state.tokens -= 1;
  }
  if (state.turned_away == who) state.turned_away = 0;
  state.in_flight++;
  if (state.breaker != Breaker::kOpen) return {Verdict::kGo, 0};
  state.breaker = Breaker::kProbing;
  state.prober = who;
  return {Verdict::kProbe, 0};
}

void Leave(EndpointState& state, const EndpointRule& rule, bool probe, Effect effect, Time now) {
  state.in_flight--;
  if (!rule.breaker) return;
  const BreakerRule& breaker = *rule.breaker;
  if (probe && state.breaker == Breaker::kProbing) {
    if (effect == Effect::kSuccess) return Close(state, now);
    if (effect == Effect::kFailure) return Open(state, breaker, now);
    state.breaker = Breaker::kOpen;  // its cooldown is over: the next one probes
    return;
  }
  if (state.breaker != Breaker::kClosed) return;  // it was in flight when the breaker opened
  if (effect == Effect::kNone) return;
  if (now - state.window_began >= Microseconds(breaker.window)) {
    state.window_began = now;
    state.failures = 0;
    state.successes = 0;
  }
  if (effect == Effect::kSuccess) {
    state.successes++;
    return;
  }
  state.failures++;
  if (state.failures >= breaker.failures && state.failures >= breaker.ratio * (state.failures + state.successes))
    Open(state, breaker, now);
}

void Abandon(EndpointState& state, int who, int own, Time now) {
  state.in_flight -= own;
  if (state.breaker != Breaker::kProbing || state.prober != who) return;
  state.breaker = Breaker::kOpen;
  state.open_until = now;
}

}  // namespace threefactor::delivery
