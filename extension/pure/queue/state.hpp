// The worker's memory: what stands between the stages of delivery (delivery/README.md). Plain data.
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

#include "attempt/delivery.hpp"
#include "checkpoint/checkpoint.hpp"
#include "event/order.hpp"
#include "event/ownership.hpp"

namespace threefactor::delivery {

// The deliveries of one key of an ordered event trigger (key_order.hpp). There is none for a key that nothing waits
// for.
struct KeyLine {
  bool busy = false;      // one is in Queue::next, in flight, or finished and not settled
  Time busy_since = 0;    // it was posted then
  bool held = false;      // rows of parked come before whatever is claimed
  std::int64_t head = 0;  // position of the row, retrying or dead, that all others wait for; 0: none is known
  int behind = 0;         // of those in State::behind
  bool to_check = false;  // it stands in State::to_check
  std::deque<Delivery> waiting;
};

// The next events on the way of a cursor that goes by position (delivery/read_along.hpp).
struct Window {
  std::vector<EventOrder> places;  // once all is scanned: in order
  std::size_t given = 0;           // of the places
  EventOrder scanned_to;
  bool scanned = false;
  bool more = false;  // there are more, beyond these
};

inline constexpr std::size_t kMostBytesWaiting = 16u << 20;   // of one event trigger
inline constexpr std::size_t kMostBytesInFlight = 64u << 20;  // of a worker

// The deliveries of one event trigger.
struct Queue {
  std::deque<Delivery> waiting;
  std::size_t bytes = 0;  // of the events waiting
  std::size_t most_bytes =
      kMostBytesWaiting;  // of these, from which on no more are read; 0: the worker's memory is full
  int in_flight = 0;
  int ahead = 0;  // of these
  bool paused = false;
  bool dropped = false;
  EndpointKey endpoint = 0;  // of the current definition
  bool limited = false;  // likewise: a window, a rate or a circuit breaker decides about each request when it is sent
  bool on_first_turns = false;
  bool on_more_turns = false;
  Time held_until = 0;                       // by its endpoint; 0: it is not held
  bool broken = false;                       // held because the endpoint's circuit breaker is open
  bool waits_for_place = false;              // it stands in waiting_for of its endpoint
  std::optional<Cursor> own;                 // detached from the main cursor
  std::unordered_set<EventOrder> unsettled;  // passed by its cursor, not settled; without those that are parked
  std::set<UuidBytes> loaded;                // events of rows of parked that are in memory
  Time next_due = kNever;                    // no row of parked that is not loaded is due earlier
  Order order = Order::kNone;
  // Ordered only: what may be posted now, keys in line behind others, how many these are, and what waits for a row.
  std::deque<Delivery> next;
  std::unordered_map<OrderKey, KeyLine> lines;
  std::size_t lined = 0;
  std::size_t behind = 0;
  std::vector<OrderKey> unchecked;  // to be checked when it is not halted any more
  Window window;                    // of its own cursor
  double latency = -1;              // of its answers, a moving average in milliseconds; -1: none yet
};

struct State {
  Share share;                           // what is this worker's; of all else it keeps nothing
  std::vector<Generation> inherited;     // the newest first
  Cursor cursor;                         // of all that are not detached
  std::map<std::int32_t, Queue> queues;  // by event trigger
  // Beyond the cursors, but settled before a crash.
  std::set<std::pair<std::int32_t, EventOrder>> settled_ahead;
  Window window;             // of the cursor
  bool by_position = false;  // some event trigger is ordered: the next targets are approached by position
  // Deliveries whose turn comes after rows of parked, where they go; and keys whose rows are to be looked at.
  std::vector<Delivery> behind;
  Time behind_since = kNever;
  std::deque<std::pair<std::int32_t, OrderKey>> to_check;
  std::int64_t sequence = 0;       // of the last attempt settled
  std::vector<Attempt> finished;   // to be settled
  std::vector<Attempt> postponed;  // likewise, later: their rows of parked are locked by somebody
  // Whose turn it is (dispatch.hpp): event triggers without a request in flight, and with. Checked when the turn comes.
  std::deque<std::int32_t> first_turns;
  std::deque<std::int32_t> more_turns;
  std::set<std::pair<Time, std::int32_t>> held;                           // by held_until
  std::unordered_map<EndpointKey, std::deque<std::int32_t>> waiting_for;  // a place at an endpoint
  std::size_t bytes_in_flight = 0;
  std::size_t most_bytes_in_flight = kMostBytesInFlight;  // past it each event trigger has one request
  int in_flight = 0;
  int ahead = 0;  // of these
};

}  // namespace threefactor::delivery
