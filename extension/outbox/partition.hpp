// The partition of the outbox that new rows go to, open for writing: what a general executor would set up for each
// statement is kept for as long as the backend lives, or until the table changes. Postgres-side.
#pragma once

#include "shared/shared.hpp"

namespace threefactor::outbox {

inline constexpr int kRowsAtOnce = 128;  // of one multi-insert; more gains nothing

struct OpenPartition {
  int number;
  Relation table;
  TupleTableSlot** rows;  // kRowsAtOnce slots, to be filled with heap tuples (tuple.hpp)
};

// Opens and locks (RowExclusiveLock until the end of the transaction) the partition that shared memory names, and its
// indexes. Raises when there is none.
OpenPartition OpenForWriting(const shared::DatabaseSlot& slot);

// Inserts the first `count` rows, with their index entries.
void Insert(const OpenPartition& partition, int count);

// Keeps the locks.
void Close(const OpenPartition& partition);

}  // namespace threefactor::outbox
