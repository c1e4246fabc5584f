// The worker's memory: what stands between the stages of delivery (README.md). Plain data. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "delivery/pure/event.hpp"
#include "delivery/pure/ownership.hpp"

namespace threefactor::delivery {

// Microseconds since 2000-01-01 00:00 UTC, as Postgres counts.
using Time = std::int64_t;
inline constexpr Time kNever = std::numeric_limits<Time>::max();

struct Delivery {
  std::shared_ptr<const Event> event;
  std::int32_t definition_id = 0;  // under which the event was captured
  std::int32_t trigger_id = 0;
  UuidBytes key{};
  int attempts = 0;     // made before
  bool parked = false;  // it has a row in parked
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
  std::optional<Cursor> own;                 // detached from the main cursor
  std::unordered_set<EventOrder> unsettled;  // passed by its cursor, not settled; without those that are parked
  std::set<UuidBytes> loaded;                // events of rows of parked that are in memory
  Time next_due = kNever;                    // no row of parked that is not loaded is due earlier
  double latency = -1;                       // of its answers, a moving average in milliseconds; -1: none yet
};

// Where one worker of a former number of workers was; and all of them, by their numbers (inheritance.hpp).
struct WorkerCursors {
  Cursor main;
  std::map<std::int32_t, Cursor> detached;  // by event trigger

  bool operator==(const WorkerCursors&) const = default;
};
using Generation = std::vector<WorkerCursors>;

struct State {
  Share share;                           // what is this worker's; of all else it keeps nothing
  std::vector<Generation> inherited;     // the newest first
  Cursor cursor;                         // of all that are not detached
  std::map<std::int32_t, Queue> queues;  // by event trigger
  // Beyond the cursors, but settled before a crash.
  std::set<std::pair<std::int32_t, EventOrder>> settled_ahead;
  std::int64_t sequence = 0;       // of the last attempt settled
  std::vector<Attempt> finished;   // to be settled
  std::vector<Attempt> postponed;  // likewise, later: their rows of parked are locked by somebody
  std::int32_t turn = 0;           // the event trigger that was served last
  std::size_t bytes_in_flight = 0;
  int in_flight = 0;
};

}  // namespace threefactor::delivery
