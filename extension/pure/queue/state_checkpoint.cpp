#include "queue/state_checkpoint.hpp"

#include <algorithm>

#include "checkpoint/inheritance.hpp"

namespace threefactor::delivery {

Checkpoint TakeCheckpoint(const State& state) {
  Checkpoint checkpoint;
  checkpoint.workers = state.share.workers;
  checkpoint.inherited = state.inherited;
  checkpoint.cursor = state.cursor;
  for (const auto& [id, queue] : state.queues) {
    if (queue.own) checkpoint.detached[id] = *queue.own;
    if (!queue.unsettled.empty()) checkpoint.unsettled[id].assign(queue.unsettled.begin(), queue.unsettled.end());
  }
  for (const auto& [id, event] : state.settled_ahead) checkpoint.settled[id].push_back(event);
  return checkpoint;
}

void ForgetPassed(State& state) {
  const auto cursor_for = [&](std::int32_t trigger_id) -> const Cursor& {
    const auto queue = state.queues.find(trigger_id);
    return queue != state.queues.end() && queue->second.own ? *queue->second.own : state.cursor;
  };
  std::erase_if(state.settled_ahead,
                [&](const auto& settled) { return Passed(cursor_for(settled.first), settled.second); });

  const auto passed = [&](const Generation& generation) {
    return std::all_of(generation.begin(), generation.end(), [&](const WorkerCursors& cursors) {
      if (!Includes(state.cursor.consumed, Reach(cursors.main))) return false;
      for (const auto& [id, cursor] : cursors.detached)
        if (!Includes(cursor_for(id).consumed, Reach(cursor))) return false;
      return std::all_of(state.queues.begin(), state.queues.end(), [&](const auto& entry) {
        return !entry.second.own || Includes(entry.second.own->consumed, Reach(CursorFor(cursors, entry.first)));
      });
    });
  };
  while (!state.inherited.empty() && passed(state.inherited.back())) state.inherited.pop_back();
}

}  // namespace threefactor::delivery
