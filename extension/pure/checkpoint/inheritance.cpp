#include "checkpoint/inheritance.hpp"

#include <algorithm>

#include "event/ownership.hpp"

namespace threefactor::delivery {

namespace {

void Lower(Snapshot& snapshot, const Snapshot& other) {
  if (Includes(snapshot, other)) snapshot = other;
}

}  // namespace

const Cursor& CursorFor(const WorkerCursors& cursors, std::int32_t trigger_id) {
  const auto detached = cursors.detached.find(trigger_id);
  return detached == cursors.detached.end() ? cursors.main : detached->second;
}

const Snapshot& Reach(const Cursor& cursor) {
  return cursor.target ? *cursor.target : cursor.consumed;
}

bool PassedBefore(const std::vector<Generation>& inherited, std::int32_t trigger_id, std::uint64_t hash,
                  EventOrder event) {
  return std::any_of(inherited.begin(), inherited.end(), [&](const Generation& generation) {
    const auto owner = static_cast<std::size_t>(OwnerOf(hash, static_cast<int>(generation.size())));
    return Passed(CursorFor(generation[owner], trigger_id), event);
  });
}

bool Includes(const Snapshot& outer, const Snapshot& inner) {
  if (outer.xmax < inner.xmax) return false;
  return std::all_of(outer.running.begin(), outer.running.end(),
                     [&](std::uint64_t xid) { return !inner.Finished(xid); });
}

Checkpoint Redistribute(const std::vector<Checkpoint>& before, const std::vector<Settled>& settled_later) {
  Checkpoint after;
  Generation generation;
  for (const Checkpoint& checkpoint : before) {
    generation.push_back({checkpoint.cursor, checkpoint.detached});
    // Who has dropped an old generation had passed it; who keeps it needs it.
    if (checkpoint.inherited.size() > after.inherited.size()) after.inherited = checkpoint.inherited;
  }

  after.cursor.consumed = generation.front().main.consumed;
  for (const WorkerCursors& cursors : generation) Lower(after.cursor.consumed, cursors.main.consumed);
  for (const WorkerCursors& detaching : generation)
    for (const auto& [id, cursor] : detaching.detached) {
      Snapshot consumed = cursor.consumed;
      for (const WorkerCursors& cursors : generation) Lower(consumed, CursorFor(cursors, id).consumed);
      if (consumed != after.cursor.consumed) after.detached[id].consumed = consumed;
    }

  for (std::size_t i = 0; i < before.size(); i++) {
    const Settled& later = settled_later[i];
    for (const auto& [id, events] : before[i].unsettled)
      for (const EventOrder event : events)
        if (!later.contains({id, event})) after.unsettled[id].push_back(event);
    for (const auto& [id, events] : before[i].settled)
      after.settled[id].insert(after.settled[id].end(), events.begin(), events.end());
    for (const auto& [id, event] : later)
      if (!Passed(CursorFor(generation[i], id), event)) after.settled[id].push_back(event);
  }
  after.inherited.insert(after.inherited.begin(), std::move(generation));
  return after;
}

}  // namespace threefactor::delivery
