// The index by which a table of ours is read in order, among whatever indexes somebody has made besides. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::outbox {

// Opens, with AccessShareLock, a B-tree of all rows, ascending, whose first column is `first` (and the next `second`,
// unless that is 0). Looked for each time: REINDEX CONCURRENTLY puts another in its place. Raises when there is none.
// REQUIRES: a lock on the table.
Relation OpenOrderedIndex(Relation table, AttrNumber first, AttrNumber second);

}  // namespace threefactor::outbox
