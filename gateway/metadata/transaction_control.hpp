// Whether SQL text has commands that end or divide the transaction in which it runs (PostgreSQL manual, section 4.1
// "Lexical Structure"). A function of its argument.
#pragma once

#include <string_view>

namespace threefactor::metadata {

// True where a command of `sql` begins with BEGIN, START, COMMIT, END, ROLLBACK, ABORT, SAVEPOINT, RELEASE or PREPARE
// TRANSACTION. Requires that the server reads the text with standard_conforming_strings = on. Each semicolon outside of
// quotes and comments counts as the end of a command, so that the body of a function in SQL-standard form (BEGIN ATOMIC
// ... END) is taken for several.
bool ControlsTransaction(std::string_view sql);

}  // namespace threefactor::metadata
