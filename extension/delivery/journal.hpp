// The journal: settles attempts and writes checkpoints. The worker is its only writer. C++-side.
#pragma once

#include "delivery/pure/checkpoint.hpp"
#include "delivery/tables.hpp"

namespace threefactor::delivery {

class Journal {
 public:
  explicit Journal(const Tables& tables) : tables_(tables) {}

  // Makes the attempts in state.finished durable, with a checkpoint when `checkpoint`, and takes them out of the state.
  // Throws; then the state is worth nothing.
  void Settle(State& state, bool checkpoint);

  // Puts deliveries into parked, with a checkpoint: blocked, if they have a key of order, else due at once. REQUIRES:
  // the cursors of the state have passed them, and they are not among its unsettled. Throws likewise.
  void SetAside(State& state, std::vector<Delivery> deliveries);

  // The index in tables.attempt_partitions that attempts are appended to.
  int AttemptPartition() const { return partition_; }
  void SetAttemptPartition(int partition) { partition_ = partition; }

 private:
  void Write(const State& state, const std::string* checkpoint);
  void AppendAttempts(const State& state);
  void UpdateParked(const State& state);
  void PutAside(const Attempt& row);
  void WriteCheckpoint(std::int64_t sequence, const std::string& text);

  const Tables& tables_;
  int partition_ = 0;
  int checkpoints_ = 1000;  // written since the table was emptied; at the start unknown
  SPIPlanPtr park_ = nullptr;
  SPIPlanPtr update_ = nullptr;
  SPIPlanPtr remove_ = nullptr;
  SPIPlanPtr block_ = nullptr;
  SPIPlanPtr checkpoint_ = nullptr;
};

}  // namespace threefactor::delivery
