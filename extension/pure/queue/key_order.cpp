#include "queue/key_order.hpp"

#include <algorithm>

#include "queue/dispatch.hpp"
#include "queue/queues.hpp"

namespace threefactor::delivery {

namespace {

constexpr std::size_t kMostBehind = 128;
constexpr Time kBehindAfter = 100 * kMillisecond;
constexpr std::size_t kShortLine = 8;
constexpr double kLongestDrain = 5000;  // milliseconds

std::int64_t Position(const Delivery& delivery) {
  return delivery.event->order.position;
}

void Check(State& state, std::int32_t trigger_id, OrderKey key, KeyLine& line) {
  if (line.to_check) return;
  line.to_check = true;
  state.to_check.emplace_back(trigger_id, key);
}

void PutBehind(State& state, Queue& queue, KeyLine& line, Delivery delivery) {
  line.held = true;
  if (delivery.parked && Position(delivery) == line.head) line.head = 0;  // its row waits like the others now
  if (delivery.blocked) {                                                 // it has its row already
    queue.bytes -= delivery.event->Size();
    queue.loaded.erase(delivery.event->id);
    return;
  }
  line.behind++;
  queue.behind++;
  state.behind.push_back(std::move(delivery));
}

void PutLineBehind(State& state, Queue& queue, KeyLine& line, std::size_t kept) {
  for (std::size_t i = kept; i < line.waiting.size(); i++) PutBehind(state, queue, line, std::move(line.waiting[i]));
  queue.lined -= line.waiting.size() - kept;
  line.waiting.resize(kept);
}

// Whether rows of the key come before it. A row that was redelivered goes before the row that all others wait for, if
// it is older.
bool MustWaitForRows(const KeyLine& line, const Delivery& delivery) {
  if (!line.held) return false;
  return !delivery.parked || (line.head != 0 && Position(delivery) > line.head);
}

void Join(State& state, Queue& queue, Delivery delivery) {
  if (delivery.order_key == 0) {
    queue.next.push_back(std::move(delivery));
    return;
  }
  KeyLine& line = queue.lines[delivery.order_key];
  if (MustWaitForRows(line, delivery)) {
    PutBehind(state, queue, line, std::move(delivery));
  } else if (line.busy) {
    line.waiting.push_back(std::move(delivery));
    queue.lined++;
  } else {
    line.busy = true;
    line.busy_since = kNever;
    queue.next.push_back(std::move(delivery));
  }
}

// The key is free: whose turn is it?
void Advance(State& state, std::int32_t trigger_id, Queue& queue, OrderKey key) {
  KeyLine& line = queue.lines.at(key);
  if (!line.waiting.empty()) {
    line.busy = true;
    line.busy_since = kNever;
    queue.next.push_back(std::move(line.waiting.front()));
    line.waiting.pop_front();
    queue.lined--;
    OfferTurn(state, trigger_id, queue);
  } else if (line.held) {
    if (line.head == 0) Check(state, trigger_id, key, line);
  } else {
    queue.lines.erase(key);
  }
}

}  // namespace

bool BringForward(State& state, Queue& queue) {
  while (queue.next.empty() && !queue.waiting.empty()) {
    Delivery delivery = std::move(queue.waiting.front());
    queue.waiting.pop_front();
    Join(state, queue, std::move(delivery));
  }
  return !queue.next.empty();
}

void SettledInOrder(State& state, const Attempt& attempt) {
  const std::int32_t trigger_id = attempt.delivery.trigger_id;
  const OrderKey key = attempt.delivery.order_key;
  Queue& queue = state.queues.at(trigger_id);
  const auto found = queue.lines.find(key);
  if (found == queue.lines.end()) return;
  KeyLine& line = found->second;
  line.busy = false;
  const std::int64_t position = Position(attempt.delivery);
  if (line.head == position) line.head = 0;
  const bool blocks = attempt.outcome == Outcome::kRetrying ||
                      (attempt.outcome == Outcome::kDead && queue.order == Order::kBlockOnDead);
  if (!blocks) {
    Advance(state, trigger_id, queue, key);
    return;
  }
  line.held = true;
  line.head = line.head == 0 ? position : std::min(line.head, position);
  PutLineBehind(state, queue, line, 0);
}

void ShortenLines(State& state, Time now) {
  for (auto& [id, queue] : state.queues) {
    if (queue.lined == 0 || !queue.waiting.empty() || IsHungry(queue)) continue;
    for (auto& [key, line] : queue.lines) {
      if (line.waiting.size() <= kShortLine || line.busy_since == kNever) continue;
      const double pace = std::max(queue.latency, static_cast<double>(now - line.busy_since) / kMillisecond);
      if (pace * static_cast<double>(line.waiting.size()) > kLongestDrain)
        PutLineBehind(state, queue, line, kShortLine);
    }
  }
}

void PutAllBehind(State& state, Queue& queue) {
  std::deque<Delivery> next = std::exchange(queue.next, {});
  for (Delivery& delivery : next) {
    if (delivery.order_key == 0) {
      queue.next.push_back(std::move(delivery));
      continue;
    }
    KeyLine& line = queue.lines.at(delivery.order_key);
    line.busy = false;
    PutBehind(state, queue, line, std::move(delivery));
  }
  for (auto& [key, line] : queue.lines) PutLineBehind(state, queue, line, 0);
  std::deque<Delivery> waiting = std::exchange(queue.waiting, {});
  for (Delivery& delivery : waiting) {
    if (delivery.order_key == 0) {
      queue.waiting.push_back(std::move(delivery));
      continue;
    }
    KeyLine& line = queue.lines[delivery.order_key];
    PutBehind(state, queue, line, std::move(delivery));
  }
}

bool BehindIsDue(State& state, Time now) {
  if (state.behind.empty()) return false;
  state.behind_since = std::min(state.behind_since, now);
  return state.behind.size() >= kMostBehind || now - state.behind_since >= kBehindAfter;
}

Time BehindDueAt(const State& state) {
  return state.behind_since == kNever ? kNever : state.behind_since + kBehindAfter;
}

std::vector<Delivery> TakeBehind(State& state) {
  for (const Delivery& delivery : state.behind) {
    Queue& queue = state.queues.at(delivery.trigger_id);
    queue.behind--;
    queue.bytes -= delivery.event->Size();
    if (delivery.parked)
      queue.loaded.erase(delivery.event->id);
    else
      queue.unsettled.erase(delivery.event->order);
    const auto line = queue.lines.find(delivery.order_key);
    if (line != queue.lines.end()) line->second.behind--;
  }
  state.behind_since = kNever;
  return std::exchange(state.behind, {});
}

void GotRow(State& state, std::int32_t trigger_id, OrderKey key) {
  Queue& queue = state.queues.at(trigger_id);
  if (key == 0 || queue.order == Order::kNone) return;
  KeyLine& line = queue.lines[key];
  line.held = true;
  if (!line.busy && line.head == 0) Check(state, trigger_id, key, line);
}

void FoundRows(State& state, std::int32_t trigger_id, Queue& queue,
               const std::unordered_map<OrderKey, std::int64_t>& heads) {
  for (auto& [key, line] : queue.lines) {
    line.held = line.behind > 0;
    line.head = 0;
  }
  for (const auto& [key, head] : heads) {
    KeyLine& line = queue.lines[key];
    line.held = true;
    line.head = head;
    if (!line.busy && head == 0) Check(state, trigger_id, key, line);
  }
  std::erase_if(queue.lines, [](const auto& entry) {
    const KeyLine& line = entry.second;
    return !line.busy && !line.held && line.waiting.empty();
  });
}

std::optional<std::pair<std::int32_t, OrderKey>> NextToCheck(State& state) {
  for (std::size_t left = state.to_check.size(); left > 0; left--) {
    const auto [trigger_id, key] = state.to_check.front();
    state.to_check.pop_front();
    Queue& queue = state.queues.at(trigger_id);
    const auto found = queue.lines.find(key);
    if (found == queue.lines.end()) continue;
    KeyLine& line = found->second;
    if (!line.busy && line.behind == 0 && !Halted(queue) && !HasRoom(queue)) {
      state.to_check.emplace_back(trigger_id, key);
      continue;
    }
    line.to_check = false;
    if (line.busy || line.behind > 0) continue;  // checked when that is over
    if (!Halted(queue)) return std::pair(trigger_id, key);
    queue.unchecked.push_back(key);
  }
  return std::nullopt;
}

void Checked(State& state, std::int32_t trigger_id, OrderKey key, std::vector<Delivery> rows, bool more,
             std::int64_t head) {
  Queue& queue = state.queues.at(trigger_id);
  KeyLine& line = queue.lines.at(key);
  line.head = head;
  line.held = more || head != 0;
  for (Delivery& row : rows) {
    queue.bytes += row.event->Size();
    queue.loaded.insert(row.event->id);
    queue.lined++;
    line.waiting.push_back(std::move(row));
  }
  Advance(state, trigger_id, queue, key);
}

void CheckAgain(State& state, std::int32_t trigger_id, Queue& queue) {
  for (const OrderKey key : std::exchange(queue.unchecked, {})) {
    const auto line = queue.lines.find(key);
    if (line != queue.lines.end()) Check(state, trigger_id, key, line->second);
  }
}

void LeaveLines(Queue& queue) {
  if (queue.next.empty() && queue.lines.empty()) return;
  std::deque<Delivery> waiting = std::exchange(queue.next, {});
  for (auto& [key, line] : queue.lines)
    for (Delivery& delivery : line.waiting) waiting.push_back(std::move(delivery));
  for (Delivery& delivery : queue.waiting) waiting.push_back(std::move(delivery));
  queue.waiting = std::move(waiting);
  queue.lines.clear();
  queue.lined = 0;
}

void SeatBefore(State& state, std::int32_t trigger_id, Queue& queue, OrderKey key, std::int64_t first) {
  for (Delivery& delivery : queue.waiting) {
    if (delivery.order_key != key || Position(delivery) > first) continue;
    KeyLine& line = queue.lines[key];
    (line.busy ? line.waiting : queue.next).push_back(std::move(delivery));
    if (line.busy) queue.lined++;
    line.busy = true;
    line.busy_since = kNever;
  }
  std::erase_if(queue.waiting, [](const Delivery& delivery) { return !delivery.event; });
  OfferTurn(state, trigger_id, queue);
}

}  // namespace threefactor::delivery
