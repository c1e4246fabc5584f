// What threefactor.status shows of each event trigger beyond its tables: numbers that a delivery worker publishes in
// shared memory, about once a second. Bounded: of more event triggers than there is room for, the last ones show
// nothing. Plain data. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::gauges {

inline constexpr int kMostGauges = 512;  // of one database
inline constexpr int kMostError = 160;   // bytes

// One event trigger as one worker sees it.
struct Gauge {
  int32 trigger_id;
  pid_t worker;
  int32 in_flight;        // requests
  int64 pending;          // deliveries never attempted: read and waiting, or beyond the cursor. Far beyond: an estimate
  TimestampTz oldest;     // when the oldest event of those, or in flight, was made; 0: there is none
  int64 delivered;        // since the worker started
  float8 rate;            // delivered per second, over the last minute
  TimestampTz failed_at;  // 0: no attempt has failed since the worker started
  int32 failed_status;    // 0: no answer
  char error[kMostError];  // why there was no answer, UTF-8
};

struct Table {
  int count;
  Gauge gauges[kMostGauges];
};

}  // namespace threefactor::gauges

namespace threefactor::shared {
struct DatabaseSlot;
}

namespace threefactor::gauges {

// What this worker published before is replaced.
void Publish(shared::DatabaseSlot& slot, const Gauge* gauges, int count);
// This worker ends.
void Withdraw(shared::DatabaseSlot& slot);

}  // namespace threefactor::gauges
