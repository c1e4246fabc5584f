#include "checkpoint/checkpoint.hpp"

#include <charconv>
#include <stdexcept>

namespace threefactor::delivery {

namespace {

constexpr std::string_view kFirstLine = "threefactor 1";

void AppendSnapshot(std::string& text, const Snapshot& snapshot) {
  text += std::to_string(snapshot.xmin) + ':' + std::to_string(snapshot.xmax) + ':';
  const char* separator = "";
  for (const std::uint64_t xid : snapshot.running) {
    text += separator + std::to_string(xid);
    separator = ",";
  }
}

void AppendOrder(std::string& text, EventOrder event) {
  text += std::to_string(event.xid) + '/' + std::to_string(event.position);
}

void AppendCursor(std::string& text, const Cursor& cursor) {
  AppendSnapshot(text, cursor.consumed);
  if (!cursor.target) return;
  text += " > ";
  AppendSnapshot(text, *cursor.target);
  text += cursor.by_position ? " # " : " @ ";
  AppendOrder(text, cursor.after);
}

void AppendOrders(std::string& text, const char* word, const std::map<std::int32_t, std::vector<EventOrder>>& lists) {
  for (const auto& [trigger, events] : lists) {
    if (events.empty()) continue;
    text += word + std::to_string(trigger);
    for (const EventOrder event : events) {
      text += ' ';
      AppendOrder(text, event);
    }
    text += '\n';
  }
}

void AppendGeneration(std::string& text, std::size_t age, const Generation& generation) {
  for (std::size_t worker = 0; worker < generation.size(); worker++) {
    const std::string place = std::to_string(age) + ' ' + std::to_string(worker) + ' ';
    text += "inherited " + place;
    AppendCursor(text, generation[worker].main);
    text += '\n';
    for (const auto& [trigger, cursor] : generation[worker].detached) {
      text += "inherited_detached " + place + std::to_string(trigger) + ' ';
      AppendCursor(text, cursor);
      text += '\n';
    }
  }
}

// Reads one line from left to right.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}
  bool Ended() const { return rest_.empty(); }
  bool Skip(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }
  void Expect(std::string_view literal) {
    if (!Skip(literal)) throw std::runtime_error("checkpoint: '" + std::string(literal) + "' expected");
  }
  template <typename T>
  T Number() {
    T number{};
    const auto result = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (result.ec != std::errc{}) throw std::runtime_error("checkpoint: number expected");
    rest_.remove_prefix(static_cast<std::size_t>(result.ptr - rest_.data()));
    return number;
  }
  EventOrder Order() {
    EventOrder event;
    event.xid = Number<std::uint64_t>();
    Expect("/");
    event.position = Number<std::int64_t>();
    return event;
  }
  Snapshot OneSnapshot() {
    Snapshot snapshot;
    snapshot.xmin = Number<std::uint64_t>();
    Expect(":");
    snapshot.xmax = Number<std::uint64_t>();
    Expect(":");
    if (Ended() || rest_.front() == ' ') return snapshot;
    do snapshot.running.push_back(Number<std::uint64_t>());
    while (Skip(","));
    return snapshot;
  }
  Cursor OneCursor() {
    Cursor cursor;
    cursor.consumed = OneSnapshot();
    if (Skip(" > ")) {
      cursor.target = OneSnapshot();
      cursor.by_position = Skip(" # ");
      if (!cursor.by_position) Expect(" @ ");
      cursor.after = Order();
    }
    return cursor;
  }
  void Orders(std::map<std::int32_t, std::vector<EventOrder>>& lists) {
    std::vector<EventOrder>& events = lists[Number<std::int32_t>()];
    while (Skip(" ")) events.push_back(Order());
  }

 private:
  std::string_view rest_;
};

// "AGE WORKER ": which of the inherited the rest of the line belongs to.
WorkerCursors& OneWorker(Line& line, Checkpoint& checkpoint) {
  constexpr std::size_t kMost = 10000;
  const auto age = line.Number<std::size_t>();
  line.Expect(" ");
  const auto worker = line.Number<std::size_t>();
  line.Expect(" ");
  if (age > kMost || worker > kMost) throw std::runtime_error("checkpoint: too many workers");
  if (checkpoint.inherited.size() <= age) checkpoint.inherited.resize(age + 1);
  Generation& generation = checkpoint.inherited[age];
  if (generation.size() <= worker) generation.resize(worker + 1);
  return generation[worker];
}

}  // namespace

std::string Format(const Checkpoint& checkpoint) {
  std::string text(kFirstLine);
  text += "\nworkers " + std::to_string(checkpoint.workers) + "\ncursor ";
  AppendCursor(text, checkpoint.cursor);
  text += '\n';
  for (const auto& [trigger, cursor] : checkpoint.detached) {
    text += "detached " + std::to_string(trigger) + ' ';
    AppendCursor(text, cursor);
    text += '\n';
  }
  AppendOrders(text, "unsettled ", checkpoint.unsettled);
  AppendOrders(text, "settled ", checkpoint.settled);
  for (std::size_t age = 0; age < checkpoint.inherited.size(); age++)
    AppendGeneration(text, age, checkpoint.inherited[age]);
  return text;
}

Checkpoint Parse(std::string_view text) {
  Checkpoint checkpoint;
  bool first = true;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    Line line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (first) {
      line.Expect(kFirstLine);
      first = false;
    } else if (line.Skip("cursor ")) {
      checkpoint.cursor = line.OneCursor();
    } else if (line.Skip("detached ")) {
      const auto trigger = line.Number<std::int32_t>();
      line.Expect(" ");
      checkpoint.detached[trigger] = line.OneCursor();
    } else if (line.Skip("workers ")) {
      checkpoint.workers = line.Number<int>();
    } else if (line.Skip("inherited ")) {
      WorkerCursors& cursors = OneWorker(line, checkpoint);
      cursors.main = line.OneCursor();
    } else if (line.Skip("inherited_detached ")) {
      WorkerCursors& cursors = OneWorker(line, checkpoint);
      const auto trigger = line.Number<std::int32_t>();
      line.Expect(" ");
      cursors.detached[trigger] = line.OneCursor();
    } else if (line.Skip("unsettled ")) {
      line.Orders(checkpoint.unsettled);
    } else {
      line.Expect("settled ");
      line.Orders(checkpoint.settled);
    }
    if (!line.Ended()) throw std::runtime_error("checkpoint: end of line expected");
  }
  if (first) throw std::runtime_error("checkpoint: empty");
  return checkpoint;
}

}  // namespace threefactor::delivery
