// What an UPDATE changed in a row. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::capture {

// The columns (numbers from 1; 0 is always among them) that are not stored alike: every change, and also what is
// written differently but equal, as 1.0 and 1.00.
Bitmapset* DifferingColumns(TupleTableSlot* old_row, TupleTableSlot* new_row);

// Whether a value changed in one of `columns`, or in any when it is null, given what differs. Values are compared by
// their type's equality and the column's collation; where a type has none (json, point), by their bytes.
bool HasChanged(TupleTableSlot* old_row, TupleTableSlot* new_row, const Bitmapset* differing, const Bitmapset* columns);

}  // namespace threefactor::capture
