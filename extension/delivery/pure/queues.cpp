#include "delivery/pure/queues.hpp"

#include <algorithm>

namespace threefactor::delivery {

namespace {

constexpr std::size_t kMostWaiting = 512;
constexpr std::size_t kLeastWaiting = 128;
constexpr std::size_t kMostBytesWaiting = 16u << 20;
constexpr std::size_t kMostBytesInFlight = 64u << 20;  // past it each trigger has one request
constexpr double kFast = 250;                          // milliseconds
constexpr int kMostReserve = 8;                        // of the concurrency, for others than a fast trigger

bool ReadsAlong(const Queue& queue) {
  return !queue.own && !queue.paused;
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

int Share(const State& state, const Queue& queue, int concurrency) {
  const int left = concurrency - (state.in_flight - queue.in_flight);
  const bool fast = queue.latency >= 0 && queue.latency < kFast;
  return std::max(1, fast ? left - std::min(concurrency / 8, kMostReserve) : left / 2);
}

bool MayPost(const State& state, const Queue& queue, int concurrency) {
  if (queue.waiting.empty() || queue.paused || queue.dropped) return false;
  if (queue.in_flight > 0 && state.bytes_in_flight > kMostBytesInFlight) return false;
  return queue.in_flight < Share(state, queue, concurrency);
}

}  // namespace

void UpdateQueues(State& state, const Definitions& definitions) {
  for (auto& [id, queue] : state.queues) {
    queue.dropped = !definitions.triggers.contains(id);
    queue.paused = false;
  }
  for (const auto& [id, trigger] : definitions.triggers) state.queues[id].paused = trigger.paused;
}

Queue& QueueOf(State& state, const Definitions& definitions, std::int32_t trigger_id) {
  const auto [entry, made] = state.queues.try_emplace(trigger_id);
  if (made) entry->second.dropped = !definitions.triggers.contains(trigger_id);
  return entry->second;
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
  return queue.own && !queue.paused && IsHungry(queue);
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
    if (queue.paused || !HasRoom(queue))
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
  queue.waiting.push_back(std::move(delivery));
}

void EnqueueAgain(State& state, std::shared_ptr<const Event> event, std::int32_t definition_id,
                  std::int32_t trigger_id) {
  state.queues.at(trigger_id).unsettled.insert(event->order);
  const UuidBytes key = IdempotencyKey(event->id, trigger_id);
  Enqueue(state, {std::move(event), definition_id, trigger_id, key, 0, false});
}

std::optional<Delivery> TakeNext(State& state, int concurrency) {
  const auto serve = [&](std::pair<const std::int32_t, Queue>& entry) {
    Queue& queue = entry.second;
    Delivery delivery = std::move(queue.waiting.front());
    queue.waiting.pop_front();
    const std::size_t size = delivery.event->Size();
    queue.bytes -= size;
    queue.in_flight++;
    state.in_flight++;
    state.bytes_in_flight += size;
    state.turn = entry.first;
    return delivery;
  };
  const auto begin = state.queues.upper_bound(state.turn);
  for (auto it = begin; it != state.queues.end(); ++it)
    if (MayPost(state, it->second, concurrency)) return serve(*it);
  for (auto it = state.queues.begin(); it != begin; ++it)
    if (MayPost(state, it->second, concurrency)) return serve(*it);
  return std::nullopt;
}

void Landed(State& state, const Delivery& delivery, std::optional<double> latency) {
  Queue& queue = state.queues.at(delivery.trigger_id);
  queue.in_flight--;
  if (latency) queue.latency = queue.latency < 0 ? *latency : queue.latency * 0.9 + *latency * 0.1;
  state.in_flight--;
  state.bytes_in_flight -= delivery.event->Size();
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
