// What code of users may leave behind in a session, and how it is taken away. Reasons and prices: DECISIONS.md.
#pragma once

#include <string>
#include <vector>

#include "postgres/handles.hpp"
#include "sql/compiled.hpp"

namespace threefactor::execute {

// To run at the end of a transaction, or in one of their own. `keeps_session`: the next transaction in the session is
// ours, too; then what PrepareSession set is set again, `statement_timeout_ms` included. Else it is a pooler's, which
// has set what we connected with: our encoding, and `application_name` (may be null). Empty: nothing can be left.
std::vector<sql::Statement> CleaningStatements(schema::Residue residue, bool keeps_session, int statement_timeout_ms,
                                               const char* application_name);

// Whether the result of one of them says that code of users has prepared statements, perhaps under names of ours: the
// session cannot be used any more.
bool FoundPrepared(const PGresult* result);

// Runs what is deferred to the end of the transaction.
const std::string& RunDeferred();

}  // namespace threefactor::execute
