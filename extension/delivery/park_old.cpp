#include "pg/prelude.hpp"

#include "delivery/park_old.hpp"

#include <algorithm>
#include <iterator>

#include "delivery/blocked.hpp"
#include "delivery/read_along.hpp"
#include "delivery/worker_share.hpp"
#include "pg/transaction.hpp"
#include "queue/key_order.hpp"
#include "settings/settings.hpp"

namespace threefactor::delivery {

namespace {

constexpr int kMostRowsRead = 20000;  // of one event trigger at once
constexpr std::size_t kMostBytes = 4u << 20;

bool IsOld(Time created_at) {
  return GetCurrentTimestamp() - created_at >= static_cast<Time>(settings::retention) * USECS_PER_SEC;
}

// What waits in memory; what is in flight will be settled.
void TakeWaiting(Queue& queue, std::vector<Delivery>& aside) {
  for (Delivery& delivery : queue.waiting) {
    if (delivery.parked || !IsOld(delivery.event->created_at)) continue;
    queue.bytes -= delivery.event->Size();
    queue.unsettled.erase(delivery.event->order);
    aside.push_back(std::move(delivery));
  }
  std::erase_if(queue.waiting, [](const Delivery& delivery) { return !delivery.event; });
}

void Take(State& state, std::int32_t trigger_id, const Match& match, std::shared_ptr<const Event> event,
          std::vector<Delivery>& aside) {
  if (state.settled_ahead.erase({trigger_id, event->order}) > 0) return;
  Delivery& delivery = aside.emplace_back();
  delivery.key = IdempotencyKey(event->id, trigger_id);
  delivery.event = std::move(event);
  delivery.definition_id = match.definition_id;
  delivery.trigger_id = trigger_id;
  delivery.order_key = match.order_key;
}

// As the claim does (claim.cpp), but not into the queue. Postgres-side: the frame owns nothing.
void ReadOwn(State& state, const Definitions& definitions, outbox::Reader& reader, int32 trigger_id, Queue& queue,
             WorkerShare& own_part, std::vector<Segment>& segments, std::vector<Delivery>& aside) {
  Cursor& own = *queue.own;
  const bool to_main = OnSameWay(state, queue);
  int rows = 0;
  std::size_t bytes = 0;
  bool joins = false;
  const auto match_of = [&](const outbox::Row& row) { return MatchOf(definitions, own_part.Of(row), trigger_id); };
  const auto concerns = [&](const outbox::Row& row) { return match_of(row).definition_id != 0; };
  const auto visit = [&](const outbox::Row& row) {
    const EventOrder event{row.xid, row.position};
    joins = to_main && IsAhead(state.cursor, event);
    if (joins || !IsOld(row.created_at) || rows++ == kMostRowsRead || bytes > kMostBytes) return false;
    if (const Match match = match_of(row); match.definition_id != 0) {
      bytes += row.old_row.size() + row.new_row.size();
      Take(state, trigger_id, match, outbox::MakeEvent(row), aside);
    }
    own.after = event;
    return true;
  };
  const bool arrived = ReadAlong(reader, own, queue.window, segments, concerns, visit);
  if (joins || (arrived && to_main)) {
    queue.own.reset();
    queue.window = {};
  } else if (arrived) {
    Arrive(own);
  }
}

}  // namespace

void ParkOld(State& state, const Definitions& definitions, const Tables& tables, Journal& journal) {
  std::vector<Delivery> aside;
  std::vector<Segment> segments;
  WorkerShare own_part(state, definitions);
  for (auto& [id, queue] : state.queues) {
    if (!Halted(queue)) continue;
    if (queue.order != Order::kNone) PutAllBehind(state, queue);
    TakeWaiting(queue, aside);
  }
  pg::RunTransaction("read old events", [&] {
    if (!HoldOutbox(tables)) return;
    outbox::Reader reader;
    reader.Begin(tables.outbox_partitions.data(), static_cast<int>(tables.outbox_partitions.size()));
    for (auto& [id, queue] : state.queues) {
      if (!queue.own || !AimOwnCursor(state, queue)) continue;
      const std::size_t before = aside.size();
      ReadOwn(state, definitions, reader, id, queue, own_part, segments, aside);
      // What is in memory comes before these: with rows, too, nothing of its key overtakes it.
      if (queue.order != Order::kNone && aside.size() > before) PutAllBehind(state, queue);
    }
    reader.End();
  });
  std::vector<Delivery> behind = TakeBehind(state);
  std::move(behind.begin(), behind.end(), std::back_inserter(aside));
  journal.SetAside(state, std::move(aside));
}

}  // namespace threefactor::delivery
