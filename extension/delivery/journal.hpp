// The journal: settles attempts and writes checkpoints. Each worker numbers its attempts in a range of its own, and
// writes nothing else. C++-side.
#pragma once

#include <functional>

#include "checkpoint/checkpoint.hpp"
#include "delivery/tables.hpp"
#include "queue/state.hpp"
#include "shared/shared.hpp"

namespace threefactor::delivery {

// The number before the first attempt of a worker.
inline constexpr int kSequenceBits = 48;
inline std::int64_t FirstSequence(int worker) {
  return static_cast<std::int64_t>(worker) << kSequenceBits;
}

class Journal {
 public:
  struct Values;

  Journal(shared::DatabaseSlot& slot, const Tables& tables) : slot_(slot), tables_(tables) {}

  // Makes the attempts in state.finished durable, with a checkpoint of what was before them when `checkpoint`, takes
  // them out of the state and gives them. Those of parked deliveries whose rows somebody else has locked go to
  // state.postponed instead. Throws; then the state is as if nothing had been tried.
  std::vector<Attempt> Settle(State& state, bool checkpoint);

  // Puts deliveries into parked, with a checkpoint: blocked, if they have a key of order, else due at once. REQUIRES:
  // the cursors of the state have passed them, and they are not among its unsettled. Throws; then the state is worth
  // nothing.
  void SetAside(State& state, std::vector<Delivery> deliveries);

  // In place of all checkpoints: these, one for each worker, whose attempts will be numbered after `base` in their
  // ranges. `with` is done in the same transaction, Postgres-side and connected to SPI. Throws.
  void BeginAnew(
      const std::vector<Checkpoint>& checkpoints, std::int64_t base, const std::function<void()>& with = [] {});

 private:
  void Write(State& state, bool checkpoint, std::string* text);
  void FindLocked(const State& state);
  void AppendAttempts(const State& state);
  void UpdateParked(const State& state);
  void PutAside(const Attempt& row);
  void Park(const Attempt& attempt, Values& values);
  bool ParkWhole(Values& values);
  void WriteCheckpoint(std::int64_t sequence, const std::string& text);
  void EmptyCheckpoints();

  shared::DatabaseSlot& slot_;
  const Tables& tables_;
  std::vector<bool> locked_;  // of the finished, in one settlement
  int checkpoints_ = 1000;    // written since the table was emptied; at the start unknown
  SPIPlanPtr park_ = nullptr;
  SPIPlanPtr park_whole_ = nullptr;
  SPIPlanPtr update_ = nullptr;
  SPIPlanPtr remove_ = nullptr;
  SPIPlanPtr lock_ = nullptr;
  SPIPlanPtr find_ = nullptr;
  SPIPlanPtr block_ = nullptr;
  SPIPlanPtr checkpoint_ = nullptr;
};

}  // namespace threefactor::delivery
