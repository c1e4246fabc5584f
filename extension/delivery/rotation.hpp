// Rotation: moves the outbox and the attempts on to an empty partition when the current one is large, and empties those
// in which all is settled and old (outbox/README.md). Worker 0 does it, by what the newest checkpoints of the others
// say. Never waits for a lock. C++-side.
#pragma once

#include "delivery/journal.hpp"
#include "delivery/tables.hpp"
#include "queue/queues.hpp"
#include "shared/shared.hpp"

namespace threefactor::delivery {

class Rotation {
 public:
  Rotation(shared::DatabaseSlot& slot, const State& state, Tables& tables)
      : slot_(slot), state_(state), tables_(tables) {}

  // One look at everything, at most one partition of each emptied. `checkpointed`: the attempt number of the newest
  // checkpoint that is durable. False: the extension is gone. Throws PostgresError.
  bool Run(std::int64_t checkpointed);
  // The last run found an old partition that holds what some worker has not settled (park_old.hpp).
  bool Pinned() const { return pinned_; }

 private:
  bool MoveOutbox();
  bool MoveAttempts();
  void EmptyOutbox(const outbox::Partition& partition);
  void EmptyAttempts(const outbox::Partition& partition);
  bool AttemptsAreOld(const outbox::Partition& partition) const;
  bool IsTooLarge() const;
  bool MayGo(TimestampTz newest) const;
  bool AllSettled(const outbox::Partition& partition);
  bool IsUnsettled(EventOrder event) const;

  shared::DatabaseSlot& slot_;
  const State& state_;
  Tables& tables_;
  std::vector<Checkpoint> others_;          // of workers 1, 2 ...
  std::vector<std::int64_t> checkpointed_;  // of each worker, the number of its newest checkpoint
  Snapshot seen_;                           // when a partition was found to be all settled
  bool too_large_ = false;                  // threefactor.max_outbox_size
  bool pinned_ = false;
  std::size_t next_outbox_ = 0;  // the partitions to look at in the next run
  std::size_t next_attempt_ = 0;
};

}  // namespace threefactor::delivery
