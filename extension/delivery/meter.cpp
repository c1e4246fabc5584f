#include "pg/prelude.hpp"

#include "delivery/meter.hpp"

#include <algorithm>

#include "pg/log.hpp"
#include "pg/transaction.hpp"
#include "queue/queues.hpp"
#include "settings/settings.hpp"
#include "text/text.hpp"

extern "C" {
#include <commands/dbcommands.h>
}

namespace threefactor::delivery {

namespace {

constexpr Time kReportInterval = USECS_PER_SEC;
constexpr Time kRateOver = 60 * USECS_PER_SEC;

}  // namespace

const std::string& Meter::NameOf(std::int32_t trigger_id) const {
  static const std::string kDropped = "(dropped)";
  const auto trigger = definitions_.triggers.find(trigger_id);
  return trigger == definitions_.triggers.end() ? kDropped : trigger->second.name;
}

void Meter::LogStart() const {
  std::string database;
  pg::RunTransaction("start", [&] { database = get_database_name(MyDatabaseId); });
  std::size_t unsettled = 0;
  for (const auto& [id, queue] : state_.queues) unsettled += queue.unsettled.size();
  LogLine line("worker started");
  line.Add("database", database).Add("version", THREEFACTOR_VERSION);
  line.Add("event_triggers", static_cast<std::int64_t>(definitions_.triggers.size()));
  line.Add("events_unsettled", static_cast<std::int64_t>(unsettled));
  pg::Log(line.Add("events_settled_ahead", static_cast<std::int64_t>(state_.settled_ahead.size())));
}

void Meter::Count(const std::vector<Attempt>& finished) {
  for (const Attempt& attempt : finished) {
    const Delivery& delivery = attempt.delivery;
    Counts& counts = counts_[delivery.trigger_id];
    if (attempt.outcome == Outcome::kDelivered) {
      counts.delivered++;
    } else if (attempt.outcome != Outcome::kArchived && attempt.outcome != Outcome::kBlocked) {
      counts.failed_at = attempt.started_at;
      counts.failed_status = attempt.status;
      counts.error = PublicError(attempt.error);
    }
    if (attempt.outcome == Outcome::kDead) {
      counts.dead++;
      counts.dead_event = UuidText(delivery.event->id);
    }
    if (!settings::log_deliveries) continue;
    LogLine line("delivery");
    line.Add("event_trigger", NameOf(delivery.trigger_id)).Add("event", UuidText(delivery.event->id));
    line.Add("attempt", delivery.attempts + 1).Add("outcome", OutcomeName(attempt.outcome));
    if (attempt.status != 0) line.Add("status", attempt.status);
    pg::Log(
        line.Add("milliseconds", static_cast<std::int64_t>(attempt.duration)).Add("error", PublicError(attempt.error)));
  }
}

void Meter::ReportWhenDue(Time now, const ForEachInFlight& for_each) {
  if (now - reported_at_ < kReportInterval) return;
  reported_at_ = now;
  CountBacklog();
  std::erase_if(counts_, [&](const auto& entry) {
    return !state_.queues.contains(entry.first) && !definitions_.triggers.contains(entry.first);
  });

  std::map<std::int32_t, Time> oldest_posted;
  for_each([&](const Delivery& delivery) {
    Time& oldest = oldest_posted.try_emplace(delivery.trigger_id, delivery.event->created_at).first->second;
    oldest = std::min(oldest, delivery.event->created_at);
  });
  gauges_.clear();
  std::size_t waiting = 0;
  for (const auto& [id, queue] : state_.queues) {
    waiting += Waiting(queue);
    Counts& counts = counts_[id];
    if (counts.dead > 0) LogDead(id, counts);
    if (queue.dropped) continue;
    gauges::Gauge& gauge = gauges_.emplace_back(GaugeOf(id, queue, counts, now));
    if (const auto oldest = oldest_posted.find(id); oldest != oldest_posted.end())
      gauge.oldest = gauge.oldest == 0 ? oldest->second : std::min(gauge.oldest, oldest->second);
  }
  const std::string activity =
      std::to_string(state_.in_flight - state_.ahead) + " in flight, " + std::to_string(waiting) + " waiting";
  pg::Guarded([&] {
    gauges::Publish(slot_, gauges_.data(), static_cast<int>(gauges_.size()));
    pgstat_report_activity(STATE_IDLE, activity.c_str());
  });
}

// The main cursor's, and in turn that of one event trigger that reads by itself.
void Meter::CountBacklog() {
  const auto next = [&](auto begin, auto end) {
    return std::find_if(begin, end, [](const auto& entry) { return entry.second.own && !entry.second.dropped; });
  };
  auto detached = next(state_.queues.upper_bound(detached_), state_.queues.end());
  if (detached == state_.queues.end()) detached = next(state_.queues.begin(), state_.queues.end());
  const bool any_detached = detached != state_.queues.end();
  Unread of_detached;
  pg::RunTransaction("count what is pending", [&] {
    if (!HoldOutbox(tables_)) return;
    if (any_detached) {
      detached_ = detached->first;
      backlog_.Count(tables_.outbox_partitions, *detached->second.own, definitions_, own_, detached_);
      of_detached = backlog_.found()[detached_];
    }
    backlog_.Count(tables_.outbox_partitions, state_.cursor, definitions_, own_, 0);
  });
  for (const auto& [id, queue] : state_.queues)
    if (!queue.own) counts_[id].unread = backlog_.found()[id];
  if (any_detached) counts_[detached_].unread = of_detached;
}

void Meter::LogDead(std::int32_t trigger_id, Counts& counts) {
  LogLine line(counts.dead == 1 ? "dead letter" : "dead letters");
  line.Add("event_trigger", NameOf(trigger_id)).Add("count", counts.dead).Add("event", counts.dead_event);
  if (counts.failed_status != 0) line.Add("status", counts.failed_status);
  pg::Log(line.Add("error", counts.error));
  counts.dead = 0;
}

gauges::Gauge Meter::GaugeOf(std::int32_t trigger_id, const Queue& queue, Counts& counts, Time now) const {
  gauges::Gauge gauge = {};
  gauge.trigger_id = trigger_id;
  gauge.worker = MyProcPid;
  gauge.in_flight = queue.in_flight - queue.ahead;
  gauge.pending = counts.unread.events;
  gauge.oldest = counts.unread.oldest;
  const auto note = [&](const std::deque<Delivery>& deliveries) {
    for (const Delivery& delivery : deliveries) {
      if (delivery.parked) continue;  // its row says so
      gauge.pending++;
      const Time created_at = delivery.event->created_at;
      gauge.oldest = gauge.oldest == 0 ? created_at : std::min(gauge.oldest, created_at);
    }
  };
  note(queue.waiting);
  note(queue.next);
  for (const auto& [key, line] : queue.lines) note(line.waiting);
  gauge.delivered = counts.delivered;
  counts.samples.push_back({now, counts.delivered});
  while (now - counts.samples.front().time > kRateOver) counts.samples.pop_front();
  const Sample& first = counts.samples.front();
  if (now > first.time)
    gauge.rate =
        static_cast<double>(counts.delivered - first.delivered) * USECS_PER_SEC / static_cast<double>(now - first.time);
  gauge.failed_at = counts.failed_at;
  gauge.failed_status = counts.failed_status;
  const std::string error = ReadableText(counts.error, gauges::kMostError - 1, false);
  std::copy(error.begin(), error.end(), gauge.error);
  return gauge;
}

}  // namespace threefactor::delivery
