// The worker's memory: what stands between the stages of delivery (README.md). Plain data. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "delivery/pure/endpoint.hpp"
#include "delivery/pure/event.hpp"

namespace threefactor::delivery {

struct Delivery {
  std::shared_ptr<const Event> event;
  std::int32_t definition_id = 0;  // under which the event was captured
  std::int32_t trigger_id = 0;
  UuidBytes key{};
  int attempts = 0;     // made before
  bool parked = false;  // it has a row in parked
  // In flight only: where it was let go, and whether as the probe of a circuit breaker.
  EndpointKey endpoint = 0;
  bool probe = false;
};

// A delivery that became a dead letter, as an event for the definition of an error webhook.
struct Failure {
  std::int32_t definition_id = 0;
  std::string report;  // JSON
};

enum class Outcome { kDelivered, kRetrying, kDead, kArchived };

// An attempt that has ended and waits for settlement.
struct Attempt {
  Delivery delivery;
  Outcome outcome = Outcome::kDelivered;
  Time started_at = 0;
  double duration = 0;  // milliseconds
  int status = 0;       // 0: no answer
  std::string response;
  std::string error;
  Time next_attempt_at = kNever;        // retrying only
  bool gone = false;                    // the endpoint asked for no more: the event trigger is paused
  std::optional<Failure> failure = {};  // dead only: what becomes an event
};

// The deliveries of one event trigger.
struct Queue {
  std::deque<Delivery> waiting;
  std::size_t bytes = 0;  // of the events waiting
  int in_flight = 0;
  bool paused = false;
  bool dropped = false;
  EndpointKey endpoint = 0;  // of the current definition
  bool on_first_turns = false;
  bool on_more_turns = false;
  Time held_until = 0;                       // by its endpoint; 0: it is not held
  bool broken = false;                       // held because the endpoint's circuit breaker is open
  bool waits_for_place = false;              // it stands in waiting_for of its endpoint
  std::optional<Cursor> own;                 // detached from the main cursor
  std::unordered_set<EventOrder> unsettled;  // passed by its cursor, not settled; without those that are parked
  std::set<UuidBytes> loaded;                // events of rows of parked that are in memory
  Time next_due = kNever;                    // no row of parked that is not loaded is due earlier
  double latency = -1;                       // of its answers, a moving average in milliseconds; -1: none yet
};

struct State {
  Cursor cursor;                         // of all that are not detached
  std::map<std::int32_t, Queue> queues;  // by event trigger
  // Beyond the cursors, but settled before a crash.
  std::set<std::pair<std::int32_t, EventOrder>> settled_ahead;
  std::int64_t sequence = 0;      // of the last attempt settled
  std::vector<Attempt> finished;  // to be settled
  // Whose turn it is (turns.hpp): event triggers without a request in flight, and with. Checked when the turn comes.
  std::deque<std::int32_t> first_turns;
  std::deque<std::int32_t> more_turns;
  std::set<std::pair<Time, std::int32_t>> held;                           // by held_until
  std::unordered_map<EndpointKey, std::deque<std::int32_t>> waiting_for;  // a place at an endpoint
  std::size_t bytes_in_flight = 0;
  int in_flight = 0;
};

}  // namespace threefactor::delivery
