// An event as read from the outbox or from a parked delivery. Text is UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "event/idempotency_key.hpp"
#include "event/snapshot.hpp"

namespace threefactor {

using OptionalText = std::optional<std::string>;

struct Event {
  EventOrder order;
  UuidBytes id{};
  std::int64_t created_at = 0;  // microseconds since 2000-01-01 00:00 UTC, as Postgres counts
  std::string operation;
  OptionalText table_schema;  // none: the event is not of a table
  OptionalText table_name;    // or, where there is no schema, the topic
  OptionalText old_row;       // these four: JSON text
  OptionalText new_row;
  OptionalText session_variables;
  OptionalText trace_context;
  std::string problem;  // not empty: its data cannot be delivered, and why; the data is not here, but in its table

  const OptionalText& Topic() const {
    static const OptionalText kNone;
    return table_schema ? kNone : table_name;
  }

  std::size_t Size() const {
    return sizeof(Event) + (old_row ? old_row->size() : 0) + (new_row ? new_row->size() : 0) +
           (session_variables ? session_variables->size() : 0) + (trace_context ? trace_context->size() : 0);
  }
};

}  // namespace threefactor
