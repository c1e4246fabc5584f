#include "delivery/pure/queues.hpp"

#include <algorithm>

#include "delivery/pure/turns.hpp"

namespace threefactor::delivery {

namespace {

constexpr std::size_t kMostWaiting = 512;
constexpr std::size_t kLeastWaiting = 128;
constexpr std::size_t kMostBytesWaiting = 16u << 20;

bool ReadsAlong(const Queue& queue) {
  return !queue.own && !Halted(queue);
}

// Unless it was settled before a crash.
void Admit(State& state, std::shared_ptr<const Event> event, std::int32_t definition_id, std::int32_t trigger_id) {
  if (!state.settled_ahead.empty() && state.settled_ahead.erase({trigger_id, event->order}) > 0) return;
  EnqueueAgain(state, std::move(event), definition_id, trigger_id);
}

std::int32_t TriggerOf(const Definitions& definitions, std::int32_t definition_id) {
  const auto found = definitions.definitions.find(definition_id);
  return found == definitions.definitions.end() ? 0 : found->second.trigger_id;
}

}  // namespace

void UpdateQueues(State& state, const Definitions& definitions) {
  for (auto& [id, queue] : state.queues) {
    queue.dropped = !definitions.triggers.contains(id);
    queue.paused = false;
  }
  for (const auto& [id, trigger] : definitions.triggers) {
    Queue& queue = state.queues[id];
    queue.paused = trigger.paused;
    queue.endpoint = definitions.definitions.at(trigger.definition_id).endpoint_key;
  }
  for (auto& [id, queue] : state.queues) {
    Release(state, id, queue);
    OfferTurn(state, id, queue);
  }
}

Queue& QueueOf(State& state, const Definitions& definitions, std::int32_t trigger_id) {
  const auto [entry, made] = state.queues.try_emplace(trigger_id);
  if (made) entry->second.dropped = !definitions.triggers.contains(trigger_id);
  return entry->second;
}

bool Halted(const Queue& queue) {
  return queue.paused || queue.broken;
}

bool HasRoom(const Queue& queue) {
  return queue.waiting.size() < kMostWaiting && (queue.bytes < kMostBytesWaiting || queue.waiting.empty());
}

bool IsHungry(const Queue& queue) {
  return queue.waiting.size() < kLeastWaiting && (queue.bytes < kMostBytesWaiting / 2 || queue.waiting.empty());
}

bool MainClaimWanted(const State& state) {
  bool any = false;
  for (const auto& [id, queue] : state.queues) {
    if (!ReadsAlong(queue) || queue.dropped) continue;
    if (IsHungry(queue)) return true;
    any = true;
  }
  return !any;
}

bool OwnClaimWanted(const Queue& queue) {
  return queue.own && !Halted(queue) && IsHungry(queue);
}

std::int32_t DefinitionOf(const Definitions& definitions, std::span<const std::int32_t> ids, std::int32_t trigger_id) {
  for (const std::int32_t id : ids)
    if (TriggerOf(definitions, id) == trigger_id) return id;
  return 0;
}

Admission AdmitFromMain(State& state, const Definitions& definitions, std::shared_ptr<const Event> event,
                        std::span<const std::int32_t> ids) {
  for (const std::int32_t id : ids) {
    if (!definitions.definitions.contains(id) && !definitions.unknown.contains(id))
      return Admission::kUnknownDefinition;
    const Queue& queue = QueueOf(state, definitions, TriggerOf(definitions, id));
    if (!ReadsAlong(queue) || HasRoom(queue)) continue;
    const bool others_hungry = std::any_of(state.queues.begin(), state.queues.end(), [](const auto& other) {
      return ReadsAlong(other.second) && !other.second.dropped && IsHungry(other.second);
    });
    if (!others_hungry) return Admission::kStop;
  }
  for (std::size_t i = 0; i < ids.size(); i++) {
    const std::int32_t trigger_id = TriggerOf(definitions, ids[i]);
    if (DefinitionOf(definitions, ids.first(i), trigger_id) != 0) continue;  // one delivery for each event trigger
    Queue& queue = state.queues.at(trigger_id);
    if (queue.own) continue;
    if (Halted(queue) || !HasRoom(queue))
      queue.own = state.cursor;
    else
      Admit(state, event, ids[i], trigger_id);
  }
  state.cursor.after = event->order;
  return Admission::kTaken;
}

Admission AdmitFromOwn(State& state, std::int32_t trigger_id, std::int32_t definition_id,
                       std::shared_ptr<const Event> event) {
  Queue& queue = state.queues.at(trigger_id);
  if (!HasRoom(queue)) return Admission::kStop;
  Admit(state, event, definition_id, trigger_id);
  queue.own->after = event->order;
  return Admission::kTaken;
}

bool OnSameWay(const State& state, const Queue& queue) {
  return queue.own->consumed == state.cursor.consumed && queue.own->target == state.cursor.target;
}

bool AimOwnCursor(const State& state, Queue& queue) {
  Cursor& own = *queue.own;
  if (!own.target) {
    const bool same_start = own.consumed == state.cursor.consumed;
    if (same_start && state.cursor.target)
      own.target = state.cursor.target;
    else if (!same_start)
      own.target = state.cursor.consumed;
  }
  if (OnSameWay(state, queue) && (!own.target || own.after >= state.cursor.after)) {
    queue.own.reset();
    return false;
  }
  return true;
}

void Enqueue(State& state, Delivery delivery) {
  Queue& queue = state.queues.at(delivery.trigger_id);
  queue.bytes += delivery.event->Size();
  if (delivery.parked) queue.loaded.insert(delivery.event->id);
  const std::int32_t id = delivery.trigger_id;
  queue.waiting.push_back(std::move(delivery));
  OfferTurn(state, id, queue);
}

void EnqueueAgain(State& state, std::shared_ptr<const Event> event, std::int32_t definition_id,
                  std::int32_t trigger_id) {
  state.queues.at(trigger_id).unsettled.insert(event->order);
  const UuidBytes key = IdempotencyKey(event->id, trigger_id);
  Enqueue(state, {std::move(event), definition_id, trigger_id, key, 0, false});
}

void ArchiveDropped(State& state, Time now) {
  for (auto& [id, queue] : state.queues) {
    if (!queue.dropped) continue;
    for (Delivery& delivery : queue.waiting) {
      Attempt attempt;
      attempt.delivery = std::move(delivery);
      attempt.outcome = Outcome::kArchived;
      attempt.started_at = now;
      attempt.error = "the event trigger was dropped";
      state.finished.push_back(std::move(attempt));
    }
    queue.waiting.clear();
    queue.bytes = 0;
  }
}

}  // namespace threefactor::delivery
