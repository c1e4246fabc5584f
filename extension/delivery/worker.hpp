// One delivery worker of one database: the loop through all stages (README.md). C++-side; one thread.
#pragma once

#include <random>
#include <unordered_map>
#include <vector>

#include "apply/pool.hpp"
#include "attempt/post.hpp"
#include "delivery/claim.hpp"
#include "delivery/disk_space.hpp"
#include "delivery/endpoints.hpp"
#include "delivery/journal.hpp"
#include "delivery/meter.hpp"
#include "delivery/rotation.hpp"
#include "delivery/tables.hpp"
#include "http/consent.hpp"
#include "http_client/threads.hpp"
#include "queue/dispatch.hpp"
#include "queue/queues.hpp"
#include "schedule/due.hpp"
#include "shared/shared.hpp"

namespace threefactor::delivery {

class Worker {
 public:
  Worker(shared::DatabaseSlot& slot, int number);

  // Returns when the extension is gone from the database. Throws what makes a new start necessary.
  void Run();
  // The process is about to exit.
  void Stop() {
    http_.Stop();
    appliers_.Stop();
  }

 private:
  void BeginIntervals(Time now);
  bool Start();
  bool IsFirst() const { return state_.share.worker == 0; }
  bool IsAlone() const;
  void TakeShare();
  void StartOver();
  void MakeRoomForOthers(Time now);
  bool IsIdle(Time now) const;
  void FindAttemptPartition();
  void Configure();
  bool Delivers() const;
  void WakeUp(Time now);
  bool Paced(Time now) const;
  void SayWhetherWanted();
  void RestWhenCopied();
  void Sweep(Time now);
  void AnnounceChanges(Time now);
  void ReloadWhatChanged(Time now);
  void Claim();
  void TakeBack(Time now);
  void Post(Time now);
  void Receive();
  void Obey(const Consent& consent, Time now);
  void Apply();
  void Finish(Delivery delivery, const HttpAnswer& answer, std::string_view apply_error);
  void SettleWhenDue(Time now);
  Time SettlementDue() const;
  void Settle(Time now, bool checkpoint);
  void KeepOrder(Time now);
  Time SettlePause() const;
  bool RotateWhenDue(Time now);  // false: the extension is gone
  void WaitForSomething(Time now);
  const RetryRule& RuleOf(std::int32_t trigger_id) const;

  shared::DatabaseSlot& slot_;
  Tables tables_;
  Definitions definitions_;
  Endpoints endpoints_;
  State state_;
  Journal journal_;
  Claimer claimer_;
  Rotation rotation_;
  DiskSpace disk_space_;
  Meter meter_;
  schedule::Due schedules_;
  HttpThreads http_;
  Consents consents_;
  WaitEventSet* wakers_ = nullptr;  // the latch and what http_ has ready; lives as long as the process
  WaitEventSet* wakers_but_latch_ = nullptr;
  Environment environment_;
  std::unordered_map<std::uint64_t, Delivery> posted_;  // by the id of the request
  apply::Pool appliers_;
  struct Answered {
    Delivery delivery;
    HttpAnswer answer;
    Time at = 0;
  };
  std::unordered_map<std::uint64_t, Answered> applying_;  // likewise; in flight until their answers are applied
  std::vector<HttpAnswer> answers_;
  std::vector<std::uint64_t> begun_;  // of those ahead
  std::mt19937_64 random_;
  std::uint64_t last_request_ = 0;
  std::uint32_t definitions_generation_ = 0;
  std::uint32_t parked_generation_ = 0;
  std::uint32_t pinned_generation_ = 0;
  std::uint64_t announced_change_ = 0;
  Time announce_after_ = 0;
  Time woken_at_ = 0;
  int woken_often_ = 0;   // in a row, each soon after the other
  Time paced_until_ = 0;  // it is not to be woken by commits
  bool news_ = true;      // the outbox may hold what no snapshot of ours has seen
  bool ascii_only_ = false;
  bool rests_ = false;    // as DatabaseSlot::resting says
  bool leaving_ = false;  // nothing is posted any more: another database has its turn
  Time started_at_ = 0;
  Time looked_at_ = 0;  // at the clock
  Time swept_at_ = 0;
  Time finished_since_ = kNever;  // the oldest of the finished
  Time settlement_took_ = 0;      // the last one
  Time settled_at_ = 0;
  Time checkpointed_at_ = 0;
  Time shortened_at_ = 0;
  Time rotated_at_ = 0;
  std::int64_t checkpointed_sequence_ = 0;
};

}  // namespace threefactor::delivery
