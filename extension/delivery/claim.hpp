// Claim: reads what is new in the outbox into the queues, in one short transaction that writes nothing. C++-side.
#pragma once

#include <vector>

#include "delivery/tables.hpp"
#include "delivery/worker_share.hpp"
#include "outbox/cursor.hpp"
#include "queue/queues.hpp"
#include "shared/shared.hpp"

namespace threefactor::delivery {

class Claimer {
 public:
  Claimer(shared::DatabaseSlot& slot, State& state, const Definitions& definitions, const Tables& tables)
      : slot_(slot), state_(state), definitions_(definitions), tables_(tables) {}

  // `news`: something may have been committed since the last snapshot; set to false when one was taken.
  bool Wanted(bool news) const;
  // A bounded batch. What it put into the queues is durable. Throws; then the state is worth nothing.
  void Run(bool* news);

  bool ExtensionGone() const { return gone_; }
  // There are partitions that `tables` does not know: nothing was claimed.
  bool TablesChanged() const;
  // What was committed waits for synchronous standbys (threefactor.deliver_after): ask again after a while.
  bool WaitsForStandbys() const;
  // An event names a definition that is not loaded; the id is to be looked up, or noted as unknown.
  bool DefinitionMissing() const { return missing_definition_ != 0; }
  std::int32_t MissingDefinition() const { return missing_definition_; }
  void ForgetMissing() { missing_definition_ = 0; }

 private:
  void Read(bool* news);
  void ReadMain(outbox::Reader& reader, bool* news);
  void ReadOwn(outbox::Reader& reader, std::int32_t trigger_id, Queue& queue);
  void NoteCommit(uint64 xid);

  shared::DatabaseSlot& slot_;
  State& state_;
  const Definitions& definitions_;
  const Tables& tables_;
  std::vector<Segment> segments_;
  WorkerShare own_{state_, definitions_};
  // The log holds all that the main cursor's target shows, up to here; for one that was recovered, now.
  XLogRecPtr target_at_ = outbox::EndOfLog();
  uint64 last_xid_ = 0;
  XLogRecPtr flush_ = InvalidXLogRecPtr;
  bool gone_ = false;
  std::int32_t missing_definition_ = 0;
};

}  // namespace threefactor::delivery
