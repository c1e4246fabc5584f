// Counts what the worker does and publishes it once a second, for threefactor.status (shared/gauges.hpp) and
// pg_stat_activity; writes the log lines of deliveries. C++-side.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>

#include "definition/definition.hpp"
#include "delivery/backlog.hpp"
#include "delivery/tables.hpp"
#include "queue/state.hpp"
#include "shared/gauges.hpp"
#include "shared/shared.hpp"

namespace threefactor::delivery {

class Meter {
 public:
  Meter(shared::DatabaseSlot& slot, const State& state, const Definitions& definitions, const Tables& tables)
      : slot_(slot), state_(state), definitions_(definitions), tables_(tables), own_(state, definitions) {}

  // What the recovered state is. Throws PostgresError.
  void LogStart() const;

  // The attempts in `finished` are settled.
  void Count(const std::vector<Attempt>& finished);

  // Calls what it is given for each delivery in flight.
  using ForEachInFlight = std::function<void(const std::function<void(const Delivery&)>&)>;
  // Throws PostgresError.
  void ReportWhenDue(Time now, const ForEachInFlight& for_each);

 private:
  struct Sample {
    Time time;
    std::int64_t delivered;
  };
  struct Counts {
    std::int64_t delivered = 0;
    std::deque<Sample> samples;  // of the last minute
    Time failed_at = 0;
    int failed_status = 0;
    std::string error;
    std::int64_t dead = 0;  // since the last report
    std::string dead_event;
    Unread unread;
  };

  const std::string& NameOf(std::int32_t trigger_id) const;
  void CountBacklog();
  void LogDead(std::int32_t trigger_id, Counts& counts);
  gauges::Gauge GaugeOf(std::int32_t trigger_id, const Queue& queue, Counts& counts, Time now) const;

  shared::DatabaseSlot& slot_;
  const State& state_;
  const Definitions& definitions_;
  const Tables& tables_;
  WorkerShare own_;
  Backlog backlog_;
  std::map<std::int32_t, Counts> counts_;
  std::vector<gauges::Gauge> gauges_;
  Time reported_at_ = 0;
  std::int32_t detached_ = 0;  // the detached event trigger whose backlog was counted last
};

}  // namespace threefactor::delivery
