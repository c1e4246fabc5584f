// An UPDATE that moves a row to another partition is one UPDATE of the partitioned table, with the old and the new row.
//
// Postgres executes it as a DELETE in one partition and an INSERT in the other, and fires the triggers of these. The
// deleted row version is marked as moved. So the trigger of the DELETE remembers the row, and that of the INSERT which
// follows it in the same run of triggers makes the event, if the UPDATE trigger of the partitioned table would have
// fired. Where an event trigger has no unconditional trigger for DELETE or INSERT, it gets one for this
// (create_trigger.cpp).
//
// This holds for event triggers of a table that is itself no partition. To those of a partition, a row that comes or
// goes is an INSERT or a DELETE. Postgres-side.
#pragma once

#include "capture/buffer.hpp"

namespace threefactor::capture {

enum class Part { kNone, kLeaving, kArriving };

// Whether the change is a part of a move.
Part PartOfMove(const Source& source, const Change& change, HeapTupleHeader old_version);

void RememberLeaving(const Source& source, const Change& change);

// Of a change that PartOfMove says is arriving: buffers the UPDATE for the source's definition, if that wants it.
void Arrive(const Source& source, const Change& change);

// At the end of a statement, of a subtransaction that failed, and of a transaction: forgets rows that left in
// statements that have ended, which are those whose triggers fired deeper than now.
void ForgetMoves();

}  // namespace threefactor::capture
