// What a utility statement changes, noted after it has run (the relations it names are locked until its transaction
// ends).
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::signal {

// True when the statement is DDL on temporary tables only. Asked before it runs: a dropped table has no name any more.
bool IsTemporaryDdl(Node* statement);

void NoteUtility(Node* statement, bool temporary_ddl);

}  // namespace threefactor::signal
