// The stored form of a row of the outbox, written straight from the event: the usual way (an array of Datums, a virtual
// slot that makes a copy of its own, heap_form_tuple) costs two thirds of an insertion (capture/DECISIONS.md).
// Postgres-side.
#pragma once

#include "outbox/append.hpp"

namespace threefactor::outbox {

// Whether a table has the columns that are written, as they are written.
bool IsOutbox(TupleDesc descriptor);

// In the current memory context. `columns`: how many of them the partition has; an outbox of an earlier version lacks
// the last ones, and what they say.
HeapTuple FormTuple(int columns, int partition, FullTransactionId xid, const NewEvent& event);

}  // namespace threefactor::outbox
