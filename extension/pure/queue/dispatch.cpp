#include "queue/dispatch.hpp"

#include <algorithm>

#include "queue/key_order.hpp"

namespace threefactor::delivery {

namespace {

constexpr int kMostBeyond = 256;  // first requests of event triggers, beyond the concurrency
constexpr double kFast = 250;     // milliseconds
constexpr int kMostReserve = 8;   // of the concurrency, for others than a fast trigger
constexpr int kMostAhead = 256;   // as much as is answered while the worker claims and settles
constexpr int kTimesAhead = 4;    // of the concurrency

bool MayPost(const Queue& queue) {
  return (!queue.waiting.empty() || !queue.next.empty()) && !queue.paused && !queue.dropped && queue.held_until == 0;
}

enum class Place { kNone, kNow, kAhead };

int Reserve(int concurrency) {
  return std::min(concurrency / 8, kMostReserve);
}

int MostAhead(int concurrency) {
  return std::min(concurrency * kTimesAhead, kMostAhead);
}

Place PlaceOf(const State& state, const Queue& queue, int concurrency) {
  const int own = queue.in_flight - queue.ahead;
  const int all = state.in_flight - state.ahead;
  const int left = concurrency - (all - own);
  const bool fast = queue.latency >= 0 && queue.latency < kFast;
  const int share = std::max(1, fast ? left - Reserve(concurrency) : left / 2);
  if (queue.ahead == 0 && own < share && all < concurrency) return Place::kNow;
  const bool alone = state.first_turns.empty() && state.more_turns.empty() && state.ahead == queue.ahead;
  const bool may_be_ahead = fast && alone && !queue.limited && state.ahead < MostAhead(concurrency);
  return may_be_ahead ? Place::kAhead : Place::kNone;
}

// Whether some event trigger may get one, for all that is in flight. Who is ahead is alone: else one that begins to
// hang would stand before the others.
bool AnyPlace(const State& state, int concurrency) {
  const bool now = state.in_flight - state.ahead < concurrency;
  const bool ahead = state.first_turns.empty() && state.more_turns.size() <= 1 && state.ahead < MostAhead(concurrency);
  return (now || ahead) && state.bytes_in_flight <= state.most_bytes_in_flight;
}

void Hold(State& state, std::int32_t trigger_id, Queue& queue, const Verdict& verdict) {
  queue.held_until = verdict.again_at;
  queue.broken = verdict.answer == Verdict::kOpen;
  state.held.emplace(verdict.again_at, trigger_id);
  if (verdict.answer != Verdict::kFull || queue.waits_for_place) return;
  queue.waits_for_place = true;
  state.waiting_for[queue.endpoint].push_back(trigger_id);
}

// A place at the endpoint is free: one of those that wait for one may ask again.
void OfferPlace(State& state, EndpointKey endpoint) {
  const auto found = state.waiting_for.find(endpoint);
  if (found == state.waiting_for.end()) return;
  std::deque<std::int32_t>& waiting = found->second;
  bool offered = false;
  while (!offered && !waiting.empty()) {
    Queue& queue = state.queues.at(waiting.front());
    queue.waits_for_place = false;
    offered = queue.held_until != 0 && !queue.broken;
    if (offered) Release(state, waiting.front(), queue);
    waiting.pop_front();
  }
  if (waiting.empty()) state.waiting_for.erase(found);
}

Delivery TakeFirst(Queue& queue, Time now) {
  std::deque<Delivery>& source = queue.order == Order::kNone ? queue.waiting : queue.next;
  Delivery delivery = std::move(source.front());
  source.pop_front();
  const auto line = queue.lines.find(delivery.order_key);
  if (line != queue.lines.end()) line->second.busy_since = now;
  return delivery;
}

// Nothing: all of it waits for others of its key, or its endpoint does not take it.
std::optional<Delivery> Serve(State& state, std::int32_t trigger_id, Queue& queue, EndpointGate& gate, Time now) {
  if (queue.order != Order::kNone && !BringForward(state, queue)) return std::nullopt;
  const Verdict verdict = gate.Enter(queue.endpoint, now);
  if (verdict.answer != Verdict::kGo && verdict.answer != Verdict::kProbe) {
    Hold(state, trigger_id, queue, verdict);
    return std::nullopt;
  }
  Delivery delivery = TakeFirst(queue, now);
  delivery.endpoint = queue.endpoint;
  delivery.probe = verdict.answer == Verdict::kProbe;
  const std::size_t size = delivery.event->Size();
  queue.bytes -= size;
  queue.in_flight++;
  state.in_flight++;
  state.bytes_in_flight += size;
  OfferTurn(state, trigger_id, queue);
  return delivery;
}

void GoAhead(State& state, Queue& queue, Delivery& delivery) {
  delivery.ahead = true;
  queue.ahead++;
  state.ahead++;
}

std::int32_t TakeTurn(std::deque<std::int32_t>& turns) {
  const std::int32_t trigger_id = turns.front();
  turns.pop_front();
  return trigger_id;
}

}  // namespace

void OfferTurn(State& state, std::int32_t trigger_id, Queue& queue) {
  if (!MayPost(queue)) return;
  bool& on_turns = queue.in_flight == 0 ? queue.on_first_turns : queue.on_more_turns;
  if (on_turns) return;
  on_turns = true;
  (queue.in_flight == 0 ? state.first_turns : state.more_turns).push_back(trigger_id);
}

std::optional<Delivery> TakeNext(State& state, int concurrency, EndpointGate& gate, Time now) {
  while (!state.first_turns.empty() && state.in_flight - state.ahead < concurrency + kMostBeyond) {
    const std::int32_t trigger_id = TakeTurn(state.first_turns);
    Queue& queue = state.queues.at(trigger_id);
    queue.on_first_turns = false;
    if (queue.in_flight > 0)
      OfferTurn(state, trigger_id, queue);
    else if (MayPost(queue))
      if (std::optional<Delivery> delivery = Serve(state, trigger_id, queue, gate, now)) return delivery;
  }
  for (std::size_t left = state.more_turns.size(); left > 0; left--) {
    if (!AnyPlace(state, concurrency)) break;
    const std::int32_t trigger_id = TakeTurn(state.more_turns);
    Queue& queue = state.queues.at(trigger_id);
    queue.on_more_turns = false;
    if (!MayPost(queue)) continue;
    const Place place = PlaceOf(state, queue, concurrency);
    if (place == Place::kNone) {
      queue.on_more_turns = true;
      state.more_turns.push_back(trigger_id);
    } else if (std::optional<Delivery> delivery = Serve(state, trigger_id, queue, gate, now)) {
      if (place == Place::kAhead) GoAhead(state, queue, *delivery);
      return delivery;
    }
  }
  return std::nullopt;
}

int PlacesAhead(int concurrency) {
  return concurrency - Reserve(concurrency);
}

void Begun(State& state, Delivery& delivery) {
  if (!delivery.ahead) return;
  delivery.ahead = false;
  state.queues.at(delivery.trigger_id).ahead--;
  state.ahead--;
}

void LeaveEndpoint(State& state, const Delivery& delivery, Effect effect, EndpointGate& gate, Time now) {
  gate.Leave(delivery.endpoint, delivery.probe, effect, now);
  OfferPlace(state, delivery.endpoint);
}

void EndFlight(State& state, Delivery& delivery, std::optional<double> latency) {
  Begun(state, delivery);
  Queue& queue = state.queues.at(delivery.trigger_id);
  queue.in_flight--;
  if (latency) queue.latency = queue.latency < 0 ? *latency : queue.latency * 0.9 + *latency * 0.1;
  state.in_flight--;
  state.bytes_in_flight -= delivery.event->Size();
  OfferTurn(state, delivery.trigger_id, queue);
}

void Landed(State& state, Delivery& delivery, std::optional<double> latency, Effect effect, EndpointGate& gate,
            Time now) {
  LeaveEndpoint(state, delivery, effect, gate, now);
  EndFlight(state, delivery, latency);
}

void PutBack(State& state, Delivery delivery, EndpointGate& gate, Time now) {
  Landed(state, delivery, std::nullopt, Effect::kNone, gate, now);
  const std::int32_t trigger_id = delivery.trigger_id;
  Queue& queue = state.queues.at(trigger_id);
  queue.bytes += delivery.event->Size();
  (queue.order == Order::kNone ? queue.waiting : queue.next).push_front(std::move(delivery));
  OfferTurn(state, trigger_id, queue);
}

Time NextRelease(const State& state) {
  return state.held.empty() ? kNever : state.held.begin()->first;
}

void ReleaseDue(State& state, Time now) {
  while (NextRelease(state) <= now) {
    const std::int32_t trigger_id = state.held.begin()->second;
    Release(state, trigger_id, state.queues.at(trigger_id));
  }
}

void Release(State& state, std::int32_t trigger_id, Queue& queue) {
  if (queue.held_until == 0) return;
  state.held.erase({queue.held_until, trigger_id});
  queue.held_until = 0;
  queue.broken = false;
  CheckAgain(state, trigger_id, queue);
  OfferTurn(state, trigger_id, queue);
}

}  // namespace threefactor::delivery
