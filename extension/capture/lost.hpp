// Row triggers that a statement drops or disables, be it by ALTER TABLE, with a column or function that a condition
// names, or with their table: said at once, because the event trigger captures less from then on (the view
// threefactor_private.capture_problems says what). Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::capture {

// In _PG_init: notes each row trigger of ours that is dropped or altered.
void InstallLossHook();

// After a statement: a WARNING for each event trigger whose row triggers were noted and that does not capture all it
// was made for.
void WarnOfLostTriggers();

}  // namespace threefactor::capture
