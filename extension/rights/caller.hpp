// Who called. Functions of the API are written in the language "threefactor" (sql/calls.sql): PL/pgSQL that runs with
// the rights of the functions' owner, knows whose call it serves, and shows no CONTEXT in its errors. What names the
// caller's own objects, or is the caller's code, is read between BecomeCaller and EndCaller. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::rights {

// The role whose call is served; outside of a call, the role that runs.
Oid Caller();

// Its search_path, as it was when it called.
const char* CallerPath();

struct OwnRights {
  Oid user;
  int context;
  int settings;
};

// From here on code runs with the caller's rights, and names mean what they mean by `path`. An ERROR gives both back,
// as the end of the (sub)transaction restores them.
OwnRights BecomeCaller(const char* path);
void EndCaller(const OwnRights& own);

}  // namespace threefactor::rights
