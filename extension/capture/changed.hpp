// Whether an UPDATE changed a row's values. Values are compared by their type's equality and the column's collation;
// where a type has none (json, point), by their bytes. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::capture {

// In one of `columns` (numbers from 1), or in any when it is null.
bool HasChanged(TupleTableSlot* old_row, TupleTableSlot* new_row, const Bitmapset* columns);

}  // namespace threefactor::capture
