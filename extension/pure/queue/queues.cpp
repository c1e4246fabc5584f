#include "queue/queues.hpp"

#include <algorithm>

#include "queue/dispatch.hpp"
#include "queue/key_order.hpp"

namespace threefactor::delivery {

namespace {

constexpr std::size_t kMostWaiting = 512;
constexpr std::size_t kLeastWaiting = 128;

bool ReadsAlong(const Queue& queue) {
  return !queue.own && !Halted(queue);
}

// Unless it was settled before a crash.
void Admit(State& state, std::shared_ptr<const Event> event, const Match& match, std::int32_t trigger_id) {
  if (!state.settled_ahead.empty() && state.settled_ahead.erase({trigger_id, event->order}) > 0) return;
  EnqueueAgain(state, std::move(event), match, trigger_id);
}

// However large: with a full memory, when it has nothing at all.
bool MayHaveOne(const Queue& queue) {
  return Waiting(queue) == 0 && (queue.most_bytes > 0 || queue.in_flight == 0);
}

std::int32_t TriggerOf(const Definitions& definitions, std::int32_t definition_id) {
  const auto found = definitions.definitions.find(definition_id);
  return found == definitions.definitions.end() ? 0 : found->second.trigger_id;
}

}  // namespace

void UpdateQueues(State& state, const Definitions& definitions) {
  state.by_position = false;
  std::set<EndpointKey> limited;  // event triggers share an endpoint, and the limits of each
  for (const auto& [id, trigger] : definitions.triggers) {
    state.queues[id];
    const Definition& current = definitions.definitions.at(trigger.definition_id);
    const EndpointRule& rule = current.endpoint;
    if (rule.concurrency > 0 || rule.rate > 0 || rule.breaker || current.validate) limited.insert(current.endpoint_key);
  }
  for (auto& [id, queue] : state.queues) {
    const auto trigger = definitions.triggers.find(id);
    queue.dropped = trigger == definitions.triggers.end();
    queue.paused = !queue.dropped && trigger->second.paused;
    queue.order = Order::kNone;
    if (!queue.dropped) {
      const Definition& current = definitions.definitions.at(trigger->second.definition_id);
      queue.endpoint = current.endpoint_key;
      queue.limited = limited.contains(current.endpoint_key);
      queue.order = current.order;
    }
    if (queue.order == Order::kNone)
      LeaveLines(queue);
    else
      state.by_position = true;
    Release(state, id, queue);
    if (!Halted(queue)) CheckAgain(state, id, queue);
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

void ShareMemory(State& state, std::size_t memory) {
  constexpr std::size_t kForRequest = 2;  // an event in flight is there as its request, too
  std::size_t held = kForRequest * state.bytes_in_flight;
  for (const Attempt& attempt : state.finished) held += attempt.delivery.event->Size();
  for (const auto& [id, queue] : state.queues) held += queue.bytes;
  const std::size_t left = memory - std::min(memory, held);
  const std::size_t part = left / (2 * std::max<std::size_t>(state.queues.size(), 1));
  for (auto& [id, queue] : state.queues)
    queue.most_bytes = left == 0 ? 0 : std::min(kMostBytesWaiting, queue.bytes + part);
  state.most_bytes_in_flight = std::min(kMostBytesInFlight, memory / (2 * kForRequest));
}

std::size_t Waiting(const Queue& queue) {
  return queue.waiting.size() + queue.next.size() + queue.lined + queue.behind;
}

bool HasRoom(const Queue& queue) {
  return Waiting(queue) < kMostWaiting && (queue.bytes < queue.most_bytes || MayHaveOne(queue));
}

bool IsHungry(const Queue& queue) {
  return Waiting(queue) < kLeastWaiting && (queue.bytes < queue.most_bytes / 2 || MayHaveOne(queue));
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

Match MatchOf(const Definitions& definitions, const Captured& captured, std::int32_t trigger_id) {
  for (std::size_t i = 0; i < captured.definitions.size(); i++) {
    const std::int32_t id = captured.definitions[i];
    if (TriggerOf(definitions, id) == trigger_id) return {id, captured.order_keys ? captured.order_keys[i] : 0};
  }
  return {};
}

Admission AdmitFromMain(State& state, const Definitions& definitions, const std::shared_ptr<const Event>& event,
                        const Captured& captured) {
  const std::span<const std::int32_t> ids = captured.definitions;
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
    const Match match = MatchOf(definitions, captured, trigger_id);
    if (match.definition_id != ids[i]) continue;  // one delivery for each event trigger
    Queue& queue = state.queues.at(trigger_id);
    if (queue.own) continue;
    if (Halted(queue) || !HasRoom(queue)) {
      queue.own = state.cursor;
      queue.window = {};
    } else {
      Admit(state, event, match, trigger_id);
    }
  }
  state.cursor.after = event->order;
  return Admission::kTaken;
}

Admission AdmitFromOwn(State& state, std::int32_t trigger_id, const Match& match, std::shared_ptr<const Event> event) {
  Queue& queue = state.queues.at(trigger_id);
  if (!HasRoom(queue)) return Admission::kStop;
  const EventOrder order = event->order;
  Admit(state, std::move(event), match, trigger_id);
  queue.own->after = order;
  return Admission::kTaken;
}

bool OnSameWay(const State& state, const Queue& queue) {
  return queue.own->consumed == state.cursor.consumed && queue.own->target == state.cursor.target &&
         queue.own->by_position == state.cursor.by_position;
}

bool AimOwnCursor(const State& state, Queue& queue) {
  Cursor& own = *queue.own;
  if (!own.target) {
    const bool same_start = own.consumed == state.cursor.consumed;
    if (same_start && state.cursor.target) {
      own.target = state.cursor.target;
      own.by_position = state.cursor.by_position;
    } else if (!same_start) {
      own.target = state.cursor.consumed;
      own.by_position = queue.order != Order::kNone;
    }
  }
  if (OnSameWay(state, queue) && (!own.target || !IsAhead(own, state.cursor.after))) {
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

void EnqueueAgain(State& state, std::shared_ptr<const Event> event, const Match& match, std::int32_t trigger_id) {
  state.queues.at(trigger_id).unsettled.insert(event->order);
  Delivery delivery;
  delivery.key = IdempotencyKey(event->id, trigger_id);
  delivery.event = std::move(event);
  delivery.definition_id = match.definition_id;
  delivery.trigger_id = trigger_id;
  delivery.order_key = match.order_key;
  Enqueue(state, std::move(delivery));
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
      queue.bytes -= attempt.delivery.event->Size();
      state.finished.push_back(std::move(attempt));
    }
    queue.waiting.clear();
  }
}

}  // namespace threefactor::delivery
