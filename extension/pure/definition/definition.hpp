// What an event trigger's definition says, as the worker uses it (sql/event_triggers.sql). Text is UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "definition/backoff.hpp"
#include "definition/signature.hpp"
#include "endpoint/endpoint.hpp"
#include "event/order.hpp"

namespace threefactor::delivery {

struct HeaderRule {
  std::string name;
  std::string value;  // or the name of an environment variable
  bool from_environment = false;
};

enum class BodyProfile { kHasura, kCloudEventsBinary, kCloudEventsStructured, kSupabase };

// What takes a handler's answer (sql/apply.sql).
struct ApplyRule {
  std::string statement;
  std::string search_path;
  std::uint32_t role = 0;  // OID
};

struct Definition {
  std::int32_t id = 0;
  std::int32_t trigger_id = 0;
  std::string webhook;  // {{NAME}} stands for an environment variable
  std::vector<HeaderRule> headers;
  using Columns = std::optional<std::vector<std::string>>;  // none: all
  Columns payload;
  RetryRule retry;
  std::string problem;  // not empty: it cannot be used, and why
  EndpointKey endpoint_key = 0;
  EndpointRule endpoint = {};
  Order order = Order::kNone;
  BodyProfile body = BodyProfile::kHasura;
  std::vector<SigningKey> secrets = {};  // each signs
  std::optional<ApplyRule> apply = {};
  bool validate = false;  // the endpoint is asked for its consent (http/consent.hpp)
  // By operation ("INSERT"), where they differ; of one that is missing, `payload`.
  std::unordered_map<std::string, Columns> payloads = {};

  const Columns& PayloadOf(const std::string& operation) const {
    const auto found = payloads.find(operation);
    return found == payloads.end() ? payload : found->second;
  }
};

struct EventTrigger {
  std::int32_t id = 0;
  std::string name;
  std::int32_t definition_id = 0;  // the current one: where and how to post, also what an earlier one captured
  bool paused = false;
  std::int32_t error_definition = 0;  // of the event trigger that takes its failures; 0: there is none
};

// All there are, by id; of the event triggers, those not dropped.
struct Definitions {
  std::unordered_map<std::int32_t, Definition> definitions;
  std::unordered_map<std::int32_t, EventTrigger> triggers;
  std::unordered_set<std::int32_t> unknown;  // ids of definitions looked for in vain
  bool copied = false;        // nothing is posted until adopt(): a copy of another database, or set aside for a move
  bool to_set_aside = false;  // all that is undelivered shall become rows of parked
};

}  // namespace threefactor::delivery
