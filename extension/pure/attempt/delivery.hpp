// A delivery, and the attempt that has been made for it. Plain data.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "endpoint/endpoint.hpp"
#include "event/event.hpp"
#include "event/order.hpp"
#include "event/time.hpp"

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
  OrderKey order_key = 0;
  bool blocked = false;  // its row in parked is in that state
  bool ahead = false;    // in flight only: it has no place yet (dispatch.hpp)
};

// A delivery that became a dead letter, as an event for the definition of an error webhook.
struct Failure {
  std::int32_t definition_id = 0;
  std::string report;  // JSON
};

enum class Outcome { kDelivered, kRetrying, kDead, kArchived, kBlocked };  // kBlocked: no attempt, set aside

// As tables and log lines have it.
inline const char* OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDelivered:
      return "delivered";
    case Outcome::kRetrying:
      return "retrying";
    case Outcome::kDead:
      return "dead";
    case Outcome::kArchived:
      return "archived";
    case Outcome::kBlocked:
      return "blocked";
  }
  return "";
}

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

}  // namespace threefactor::delivery
