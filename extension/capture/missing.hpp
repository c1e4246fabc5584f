// Columns that event triggers name and their table no longer has: said when a column is renamed or dropped, because
// from then on they take no part (DECISIONS.md). Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::capture {

// After a statement: a WARNING if it took a column's name away that event triggers of its table need.
void WarnOfMissingColumns(const Node* statement);

}  // namespace threefactor::capture
