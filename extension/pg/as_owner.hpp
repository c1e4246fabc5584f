// What the server does of its own after a statement of whomever. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::pg {

// Runs `f`, which sees what the statement did, with the rights of `owner` and a search_path of the system alone; it
// must run only what nobody but the owner can define. An ERROR passes on: the transaction's end restores the user.
template <typename F>
void RunAsOwner(Oid owner, F&& f) {
  Oid user = InvalidOid;
  int context = 0;
  GetUserIdAndSecContext(&user, &context);
  SetUserIdAndSecContext(owner, context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
  const int level = NewGUCNestLevel();
  (void)set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
                          false);
  CommandCounterIncrement();
  f();
  AtEOXact_GUC(true, level);
  SetUserIdAndSecContext(user, context);
}

}  // namespace threefactor::pg
