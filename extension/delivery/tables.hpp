// The extension's tables as the worker found them at its start. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

#include <string>
#include <vector>

#include "outbox/reader.hpp"
#include "shared/shared.hpp"

namespace threefactor::delivery {

struct Tables {
  uint32 generation = 0;    // of DatabaseSlot::partitions
  Oid outbox = InvalidOid;  // invalid: the extension is not installed
  Oid attempt = InvalidOid;
  Oid parked = InvalidOid;
  Oid checkpoint = InvalidOid;
  std::vector<outbox::Partition> outbox_partitions;  // by number
  std::vector<outbox::Partition> attempt_partitions;

  // The one with that number; the first, if it is not known (yet).
  const outbox::Partition& AttemptPartition(uint32 number) const;
};

// Looks them up. Appends to `tables`, owned by the caller.
void FindTables(shared::DatabaseSlot& slot, Tables* tables);

// Locks the outbox against being dropped, until the end of the transaction. False: it is gone.
bool HoldOutbox(const Tables& tables);

bool IsEmpty(Oid table);
// REQUIRES: its lock; no connection to SPI.
void Truncate(Oid table);

// Runs a statement of the worker's own through SPI (connected by the caller); raises when its result is not `expected`.
void Execute(const char* statement, int expected);

}  // namespace threefactor::delivery
