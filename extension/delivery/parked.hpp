// Retry: brings parked deliveries back into their queues when they are due. C++-side.
#pragma once

#include "pg/prelude.hpp"

#include <vector>

#include "outbox/columns.hpp"
#include "queue/queues.hpp"

namespace threefactor::delivery {

// What is selected of a row of parked: first the columns of the outbox, in its order.
#define PARKED_COLUMNS                                                                             \
  "0::smallint, event_xid, event_position, event_id, created_at, ARRAY[definition_id], operation," \
  " table_schema, table_name, old_row, new_row, session_variables, trace_context,"                 \
  " CASE WHEN order_key IS NOT NULL THEN ARRAY[order_key] END, attempts, idempotency_key, next_attempt_at"
enum { kParkedAttempts = outbox::kColumnCount, kParkedKey, kParkedDue, kParkedColumns };

// Such a row. Raises nothing.
Delivery ParkedDelivery(std::int32_t trigger_id, const Datum* values, const bool* nulls);

// Sets next_due of every queue from the table: at the start, and when somebody else has changed it.
void LookForDue(State& state, const Definitions& definitions);

// The earliest moment at which LoadDue has something to do; kNever: none is known.
Time NextDue(const State& state);

// Reads what is due, a page for each event trigger whose queue has room. Dropped event triggers count too: theirs are
// archived.
void LoadDue(State& state, Time now);

}  // namespace threefactor::delivery
