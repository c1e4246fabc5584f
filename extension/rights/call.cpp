// The language "threefactor": caller.hpp. Why a language: ../DECISIONS.md.
#include "rights/caller.hpp"

extern "C" {
#include <catalog/pg_proc.h>
#include <utils/syscache.h>
}

namespace threefactor::rights {

namespace {

struct Call {
  Oid caller;
  Oid owner;
  const char* path;
  Call* outer;
};

Call* current = nullptr;

// What a session may set and would change the meaning of the functions' source.
constexpr const char* kPinned[][2] = {{"search_path", "pg_catalog, pg_temp"}, {"standard_conforming_strings", "on"}};

Oid OwnerOf(Oid function) {
  const HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
  if (!HeapTupleIsValid(tuple)) elog(ERROR, "threefactor: there is no function %u", function);
  const Oid owner = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple))->proowner;
  ReleaseSysCache(tuple);
  return owner;
}

void Pin(const char* name, const char* value) {
  (void)set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

Oid CurrentUser() {
  Oid user = InvalidOid;
  int context = 0;
  GetUserIdAndSecContext(&user, &context);
  return user;
}

// The lines of our functions tell the caller nothing; those of the functions that called them are added again.
[[noreturn]] void RaiseWithoutContext(MemoryContext memory) {
  MemoryContextSwitchTo(memory);
  ErrorData* const error = CopyErrorData();
  FlushErrorState();
  error->context = nullptr;
  ThrowErrorData(error);
  pg_unreachable();
}

Datum CallPlpgsql(FunctionCallInfo fcinfo) {
  static PGFunction handler = nullptr;
  if (!handler)
    handler =
        reinterpret_cast<PGFunction>(load_external_function("$libdir/plpgsql", "plpgsql_call_handler", true, nullptr));
  return handler(fcinfo);
}

}  // namespace

Oid Caller() {
  return current ? current->caller : CurrentUser();
}

const char* CallerPath() {
  return current ? current->path : namespace_search_path;
}

OwnRights BecomeCaller(const char* path) {
  OwnRights own = {};
  GetUserIdAndSecContext(&own.user, &own.context);
  own.settings = NewGUCNestLevel();
  SetUserIdAndSecContext(Caller(), own.context | SECURITY_LOCAL_USERID_CHANGE);
  Pin("search_path", path);
  return own;
}

void EndCaller(const OwnRights& own) {
  AtEOXact_GUC(true, own.settings);
  SetUserIdAndSecContext(own.user, own.context);
}

}  // namespace threefactor::rights

THREEFACTOR_SQL_FUNCTION(threefactor_call);
THREEFACTOR_SQL_FUNCTION(threefactor_caller);
THREEFACTOR_SQL_FUNCTION(threefactor_caller_path);

// The handler. A function of ours that calls another one passes its caller on.
Datum threefactor_call(PG_FUNCTION_ARGS) {
  using namespace threefactor::rights;
  Oid user = InvalidOid;
  int context = 0;
  GetUserIdAndSecContext(&user, &context);
  const MemoryContext memory = CurrentMemoryContext;
  Call call = {user, OwnerOf(fcinfo->flinfo->fn_oid), nullptr, current};
  const bool within = current && user == current->owner;
  call.caller = within ? current->caller : user;
  call.path = within ? current->path : pstrdup(namespace_search_path);

  const int settings = NewGUCNestLevel();
  SetUserIdAndSecContext(call.owner, context | SECURITY_LOCAL_USERID_CHANGE);
  for (const auto& [name, value] : kPinned) Pin(name, value);
  current = &call;
  Datum result = 0;
  PG_TRY();
  { result = CallPlpgsql(fcinfo); }
  PG_CATCH();
  {
    current = call.outer;
    RaiseWithoutContext(memory);
  }
  PG_END_TRY();
  current = call.outer;
  AtEOXact_GUC(true, settings);
  SetUserIdAndSecContext(user, context);
  return result;
}

// () -> oid
Datum threefactor_caller(PG_FUNCTION_ARGS) {
  PG_RETURN_OID(threefactor::rights::Caller());
}

// () -> text
Datum threefactor_caller_path(PG_FUNCTION_ARGS) {
  PG_RETURN_TEXT_P(cstring_to_text(threefactor::rights::CallerPath()));
}
