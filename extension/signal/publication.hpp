// Publications that take tables of the extension, which belong to one database only: a subscriber would get event
// triggers, events and the journal of another one. Postgres has no way to keep a table out of FOR ALL TABLES, so
// whoever makes such a publication is told. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::signal {

// After a statement that makes or changes a publication: a WARNING if that takes tables of the extension. Others:
// nothing.
void WarnOfPublication(const Node* statement);

// A WARNING for each publication of all tables, in which those of the extension are about to be.
void WarnOfAllTablesPublications();

}  // namespace threefactor::signal
