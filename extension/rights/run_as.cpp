// threefactor_private.run_as (sql/claims.sql): a statement that our functions have made, with the rights of somebody
// else, so that Postgres decides what is allowed and nothing of his runs with the rights of the extension's owner.
// Postgres-side.
#include "pg/prelude.hpp"

THREEFACTOR_SQL_FUNCTION(threefactor_run_as);

// (role oid, statement text) -> void
Datum threefactor_run_as(PG_FUNCTION_ARGS) {
  const Oid role = PG_GETARG_OID(0);
  const char* const statement = text_to_cstring(PG_GETARG_TEXT_PP(1));
  Oid user = InvalidOid;
  int context = 0;
  GetUserIdAndSecContext(&user, &context);
  SetUserIdAndSecContext(role, context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
  const int level = NewGUCNestLevel();
  (void)set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
                          false);
  (void)SPI_connect();
  const int result = SPI_execute(statement, false, 0);
  if (result < 0) elog(ERROR, "threefactor: %s", SPI_result_code_string(result));
  (void)SPI_finish();
  AtEOXact_GUC(true, level);
  SetUserIdAndSecContext(user, context);
  PG_RETURN_VOID();
}
