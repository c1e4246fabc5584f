// threefactor.this_database(): what tells a database from its copies. See sql/origin.sql.
#include "pg/prelude.hpp"

THREEFACTOR_SQL_FUNCTION(threefactor_this_database);

Datum threefactor_this_database(PG_FUNCTION_ARGS) {
  PG_RETURN_TEXT_P(cstring_to_text(psprintf(UINT64_FORMAT "/%u", GetSystemIdentifier(), MyDatabaseId)));
}
