// The rules of an endpoint: how many requests it gets at a time, how many a second, and none while its circuit breaker
// is open (delivery/README.md). Plain data, as it stands in shared memory (delivery/endpoints.hpp), and functions over
// it.
#pragma once

#include <cstdint>
#include <optional>

#include "event/time.hpp"

namespace threefactor::delivery {

// Which endpoint: the hash of its name (threefactor_private.endpoint_name).
using EndpointKey = std::int64_t;

struct BreakerRule {
  int failures = 10;   // so many in a window open it ...
  double ratio = 0.5;  // ... when they are at least this part of the window's attempts
  Milliseconds window{30 * 1000};
  Milliseconds cooldown{10 * 1000};       // before the probe; twice as long after each probe that fails ...
  Milliseconds max_cooldown{300 * 1000};  // ... up to this
};

// What create_event_trigger's argument `endpoint` says; 0: no limit.
struct EndpointRule {
  int concurrency = 0;  // requests in flight
  double rate = 0;      // requests a second
  double burst = 0;     // that may be made at once after a pause; with a rate only
  std::optional<BreakerRule> breaker;
};

// What holds where event triggers that share an endpoint differ: of each limit the lower, and the more sensitive
// breaker.
EndpointRule Strictest(const EndpointRule& a, const EndpointRule& b);

enum class Breaker : std::uint32_t {
  kClosed = 0,  // requests go
  kOpen,        // none go, until open_until; then the next one is a probe
  kProbing,     // one is in flight, whose end closes it or opens it again
};

// Of one endpoint, over all workers of the database. All zero: new.
struct EndpointState {
  int in_flight;
  double tokens;         // requests that the rate allows now, as of refilled_at
  Time refilled_at;      // 0: never, the bucket is full
  Time rate_limited_at;  // a request was last held back by the rate; 0: never
  double allowed_rate;   // requests a second, as the endpoint itself has said; 0: it said nothing. For the view only
  int turned_away;       // the worker that the next free place is kept for; 0: none
  Time turned_away_at;
  Breaker breaker;
  int prober;    // the worker whose request is the probe
  int openings;  // since it was last closed
  Time open_until;
  Time window_began;
  int failures;   // in the window
  int successes;  // likewise
};

struct Verdict {
  enum Answer { kGo, kProbe, kFull, kTooFast, kOpen } answer;
  Time again_at;  // kFull: or when a request of one's own has ended there; kTooFast, kOpen: not before
};

// May worker `who` (a process id), which has `own` requests in flight there, make another one now? kGo, kProbe: it is
// counted, and Leave must follow.
Verdict Enter(EndpointState& state, const EndpointRule& rule, int who, int own, Time now);

enum class Effect { kSuccess, kFailure, kNone };  // kNone: the request was not made

// The request has ended; `probe`: it was let go as one.
void Leave(EndpointState& state, const EndpointRule& rule, bool probe, Effect effect, Time now);

// The worker is gone, with so many requests in flight.
void Abandon(EndpointState& state, int who, int own, Time now);

}  // namespace threefactor::delivery
