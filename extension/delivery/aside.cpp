#include "pg/prelude.hpp"

#include "delivery/aside.hpp"

#include <algorithm>

#include "delivery/own.hpp"
#include "pg/transaction.hpp"
#include "settings.hpp"

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

void Take(State& state, std::int32_t trigger_id, std::int32_t definition_id, std::shared_ptr<const Event> event,
          std::vector<Delivery>& aside) {
  if (state.settled_ahead.erase({trigger_id, event->order}) > 0) return;
  const UuidBytes key = IdempotencyKey(event->id, trigger_id);
  aside.push_back({std::move(event), definition_id, trigger_id, key, 0, false});
}

// As the claim does (claim.cpp), but not into the queue. Postgres-side: the frame owns nothing.
void ReadOwn(State& state, const Definitions& definitions, outbox::Reader& reader, int32 trigger_id, Queue& queue,
             std::vector<Segment>& segments, std::vector<int32>& ids, std::vector<Delivery>& aside) {
  Cursor& own = *queue.own;
  const bool to_main = OnSameWay(state, queue);
  segments = Remaining(own);
  int rows = 0;
  std::size_t bytes = 0;
  for (const Segment& segment : segments) {
    reader.Seek(segment);
    outbox::Row row;
    while (reader.NextPlace(&row)) {
      if (!own.target->Finished(row.xid)) continue;
      if (to_main && EventOrder{row.xid, row.position} > state.cursor.after) {
        queue.own.reset();
        return;
      }
      if (!IsOld(row.created_at) || rows++ == kMostRowsRead || bytes > kMostBytes) return;
      FindOwn(state, definitions, row, &ids);
      const int32 definition_id = DefinitionOf(definitions, ids, trigger_id);
      if (definition_id != 0) {
        reader.Complete(&row);
        bytes += row.old_row.size() + row.new_row.size();
        Take(state, trigger_id, definition_id, outbox::MakeEvent(row), aside);
      }
      own.after = {row.xid, row.position};
    }
  }
  if (to_main)
    queue.own.reset();
  else
    Arrive(own);
}

}  // namespace

void SetAside(State& state, const Definitions& definitions, const Tables& tables, Journal& journal) {
  std::vector<Delivery> aside;
  std::vector<Segment> segments;
  std::vector<int32> ids;
  for (auto& [id, queue] : state.queues)
    if (queue.paused) TakeWaiting(queue, aside);
  pg::RunTransaction("read old events", [&] {
    if (!HoldOutbox(tables)) return;
    outbox::Reader reader;
    reader.Begin(tables.outbox_partitions.data(), static_cast<int>(tables.outbox_partitions.size()));
    for (auto& [id, queue] : state.queues)
      if (queue.own && AimOwnCursor(state, queue)) ReadOwn(state, definitions, reader, id, queue, segments, ids, aside);
    reader.End();
  });
  journal.SetAside(state, std::move(aside));
}

}  // namespace threefactor::delivery
