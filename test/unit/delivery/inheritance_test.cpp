#include "checkpoint/inheritance.hpp"

#include <algorithm>
#include <random>
#include <set>

#include <catch2/catch.hpp>

#include "queue/state_checkpoint.hpp"

using namespace threefactor;
using namespace threefactor::delivery;

namespace {

UuidBytes Id(std::int64_t number) {
  UuidBytes id{};
  for (std::size_t i = 0; i < 8; i++) id[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

// A database with workers that read, settle, checkpoint, are killed, and whose number changes, at random. The outbox,
// the journal and the running transactions outlive them; a worker has nothing but its State.
class Database {
 public:
  explicit Database(unsigned seed) : random_(seed) {}

  void Step() {
    switch (Dice(12)) {
      case 0:
        running_.insert(next_xid_++);
        break;
      case 1:
      case 2:
      case 3:
        Write();
        break;
      case 4:
        if (!running_.empty()) FinishOne();
        break;
      case 5:
      case 6:
        Read(AnyWorker(), Dice(4));
        break;
      case 7:
      case 8:
        Settle(AnyWorker());
        break;
      case 9:
        WriteCheckpoint(AnyWorker());
        break;
      case 10:
        Detach(AnyWorker());
        break;
      default:
        if (Dice(4) == 0)
          Restart(static_cast<int>(1 + Dice(4)));
        else
          Recover(AnyWorker());
    }
  }

  void Finish() {
    while (!running_.empty()) FinishOne();
    for (Lane& lane : lanes_)
      for (int i = 0; i < 4; i++) {
        Read(lane, 1000000);
        while (!lane.state.queues[kTrigger].unsettled.empty()) Settle(lane);
      }
  }

  const std::set<EventOrder>& Outbox() const { return outbox_; }
  const std::multiset<EventOrder>& Settled() const { return settled_; }
  bool Forgot() {
    for (Lane& lane : lanes_) ForgetPassed(lane.state);
    return std::all_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) {
      return lane.state.inherited.empty() && lane.state.settled_ahead.empty();
    });
  }

 private:
  static constexpr std::int32_t kTrigger = 7;

  struct Lane {
    State state;
    std::string checkpoint;  // what a crash leaves
    threefactor::delivery::Settled settled_later;
  };

  unsigned Dice(unsigned sides) { return static_cast<unsigned>(random_() % sides); }
  Lane& AnyWorker() { return lanes_[Dice(static_cast<unsigned>(lanes_.size()))]; }

  // A third of the events have a key of order, and few keys.
  static std::uint64_t HashOf(EventOrder event) {
    const std::uint64_t key = event.position % 3 == 0 ? 1 + static_cast<std::uint64_t>(event.position % 5) : 0;
    return OwnershipHash(kTrigger, Id(event.position), key);
  }

  void Write() {
    if (running_.empty()) return;
    auto writer = running_.begin();
    std::advance(writer, Dice(static_cast<unsigned>(running_.size())));
    outbox_.insert({*writer, next_position_++});
  }
  void FinishOne() {
    auto one = running_.begin();
    std::advance(one, Dice(static_cast<unsigned>(running_.size())));
    running_.erase(one);
  }
  Snapshot Now() const {
    return {running_.empty() ? next_xid_ : *running_.begin(), next_xid_, {running_.begin(), running_.end()}};
  }

  // Of the main cursor or, where the event trigger is detached, of its own one up to where the main cursor was.
  void Read(Lane& lane, std::size_t most) {
    Queue& queue = lane.state.queues[kTrigger];
    ReadWith(lane, lane.state.cursor, !queue.own, Now(), most);
    if (!queue.own) return;
    if (queue.own->consumed == lane.state.cursor.consumed && !lane.state.cursor.target)
      queue.own.reset();
    else
      ReadWith(lane, *queue.own, true, lane.state.cursor.consumed, most);
  }
  void ReadWith(Lane& lane, Cursor& cursor, bool takes, const Snapshot& target, std::size_t most) {
    if (!cursor.target) cursor.target = target;
    for (const Segment& segment : Remaining(cursor))
      for (const EventOrder event : outbox_) {
        if (event.xid < segment.first_xid || event.xid > segment.last_xid) continue;
        if (segment.after_position && event.position <= *segment.after_position) continue;
        if (!cursor.target->Finished(event.xid)) continue;
        if (most-- == 0) return;
        cursor.after = event;
        const std::uint64_t hash = HashOf(event);
        if (!takes || !IsOwn(lane.state.share, hash)) continue;
        if (PassedBefore(lane.state.inherited, kTrigger, hash, event)) continue;
        if (lane.state.settled_ahead.erase({kTrigger, event}) > 0) continue;
        CHECK(lane.state.queues[kTrigger].unsettled.insert(event).second);
      }
    Arrive(cursor);
  }

  // In the state and in the journal at once, as one transaction does.
  void Settle(Lane& lane) {
    auto& unsettled = lane.state.queues[kTrigger].unsettled;
    if (unsettled.empty()) return;
    auto one = unsettled.begin();
    std::advance(one, Dice(static_cast<unsigned>(unsettled.size())));
    settled_.insert(*one);
    lane.settled_later.emplace(kTrigger, *one);
    unsettled.erase(one);
  }
  void WriteCheckpoint(Lane& lane) {
    ForgetPassed(lane.state);
    lane.checkpoint = Format(TakeCheckpoint(lane.state));
    lane.settled_later.clear();
  }
  void Detach(Lane& lane) {
    Queue& queue = lane.state.queues[kTrigger];
    if (!queue.own) queue.own = lane.state.cursor;
  }

  static Checkpoint CheckpointOf(const Lane& lane) {
    return lane.checkpoint.empty() ? Checkpoint() : Parse(lane.checkpoint);
  }

  // As recovery.cpp does.
  void Recover(Lane& lane) {
    const Checkpoint checkpoint = CheckpointOf(lane);
    const Share share = lane.state.share;
    State& state = lane.state = State();
    state.share = share;
    state.cursor = checkpoint.cursor;
    state.inherited = checkpoint.inherited;
    Queue& queue = state.queues[kTrigger];
    if (const auto own = checkpoint.detached.find(kTrigger); own != checkpoint.detached.end()) queue.own = own->second;
    threefactor::delivery::Settled settled = lane.settled_later;
    for (const auto& [id, events] : checkpoint.settled)
      for (const EventOrder event : events) settled.emplace(id, event);
    for (const auto& [id, events] : checkpoint.unsettled)
      for (const EventOrder event : events)
        if (!settled.contains({id, event})) queue.unsettled.insert(event);
    for (const auto& [id, event] : settled)
      if (!Passed(queue.own ? *queue.own : state.cursor, event)) state.settled_ahead.emplace(id, event);
  }

  // All are killed; so many begin.
  void Restart(int workers) {
    std::vector<Checkpoint> before;
    std::vector<threefactor::delivery::Settled> later;
    for (const Lane& lane : lanes_) {
      before.push_back(CheckpointOf(lane));
      later.push_back(lane.settled_later);
    }
    Checkpoint common = Redistribute(before, later);
    const auto unsettled = std::exchange(common.unsettled, {});
    lanes_.assign(static_cast<std::size_t>(workers), Lane());
    for (int i = 0; i < workers; i++) {
      Checkpoint own = common;
      Lane& lane = lanes_[static_cast<std::size_t>(i)];
      lane.state.share = {i, workers};
      for (const auto& [id, events] : unsettled)
        for (const EventOrder event : events)
          if (IsOwn(lane.state.share, HashOf(event))) own.unsettled[id].push_back(event);
      lane.checkpoint = Format(own);
      Recover(lane);
    }
  }

  std::mt19937 random_;
  std::set<EventOrder> outbox_;
  std::set<std::uint64_t> running_;
  std::uint64_t next_xid_ = kFirstXid;
  std::int64_t next_position_ = 1;
  std::vector<Lane> lanes_{1};
  std::multiset<EventOrder> settled_;
};

}  // namespace

TEST_CASE("every delivery is settled once, however often workers are killed and their number changes") {
  for (unsigned seed = 1; seed <= 300; seed++) {
    CAPTURE(seed);
    Database database(seed);
    for (int step = 0; step < 400; step++) database.Step();
    database.Finish();
    REQUIRE(std::equal(database.Settled().begin(), database.Settled().end(), database.Outbox().begin(),
                       database.Outbox().end()));
    CHECK(database.Forgot());
  }
}

TEST_CASE("a snapshot includes an earlier one") {
  const Snapshot before{10, 20, {10, 15}};
  CHECK(Includes(before, before));
  CHECK(Includes({15, 20, {15}}, before));
  CHECK_FALSE(Includes(before, {15, 20, {15}}));
  CHECK(Includes({10, 30, {10, 25}}, before));
  CHECK_FALSE(Includes(before, {10, 30, {10, 25}}));
}

TEST_CASE("deliveries of one key have one owner, others are spread") {
  std::set<int> owners;
  for (std::int64_t i = 0; i < 100; i++) {
    owners.insert(OwnerOf(OwnershipHash(1, Id(i), 0), 4));
    CHECK(OwnerOf(OwnershipHash(1, Id(i), 99), 4) == OwnerOf(OwnershipHash(1, Id(0), 99), 4));
  }
  CHECK(owners.size() == 4);
}
