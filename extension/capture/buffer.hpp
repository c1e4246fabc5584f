// Captured changes on their way to the outbox, so that a bulk statement inserts many at a time. Postgres-side.
//
// Each buffered event belongs to the (sub)transaction that captured it and is inserted while that one is current, so
// that it commits or aborts with it:
//   end of a statement, nested ones too   what the current subtransaction captured goes to the outbox
//   more than 1 MB                        likewise, at once
//   savepoint released                    the events pass to the parent: they are the last ones in the buffer
//   savepoint rolled back                 they are discarded
//   commit, PREPARE                       what is left (deferred triggers) goes to the outbox
// Buffered events live in TopTransactionContext: an abort needs no work.
#pragma once

#include "capture/source.hpp"
#include "outbox/append.hpp"

namespace threefactor::capture {

// One row change, as the trigger sees it. `old_row` or `new_row` is null where the operation has none.
struct Change {
  outbox::Operation operation;
  Oid relation;
  ItemPointerData old_place;  // ctid; invalid where there is no such row
  ItemPointerData new_place;
  TupleTableSlot* old_row;
  TupleTableSlot* new_row;
  Bitmapset* differing;  // of an UPDATE: the columns that the two do not store alike (changed.hpp)
};

// Buffers the change for the source's definition. Firings for one change, which follow each other, become one event.
void Buffer(Source& source, const Change& change);

// Inserts what the current subtransaction has buffered: its triggers have fired.
void EndStatement();

// In _PG_init.
void RegisterCallbacks();

}  // namespace threefactor::capture
