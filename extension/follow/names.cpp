#include "follow/names.hpp"

#include "pg/as_owner.hpp"

extern "C" {
#include <catalog/objectaccess.h>
#include <catalog/pg_class.h>
#include <catalog/pg_namespace.h>
#include <catalog/pg_proc.h>
#include <utils/json.h>
#include <utils/syscache.h>
}

namespace threefactor::follow {

namespace {

struct Seen {
  const char* kind;
  Oid object;
  int part;
  char volatility;  // of a function
  bool is_named;    // false: it was made
  NameData schema;  // of a function
  NameData name;
};

// In TopMemoryContext; empty between statements. An aborted transaction's are forgotten, since the names are back.
Seen* seen = nullptr;
int count = 0;
int capacity = 0;
object_access_hook_type next_object_access = nullptr;

Seen* Add(const char* kind, Oid object, int part) {
  if (count == capacity) {
    const int wanted = capacity == 0 ? 16 : capacity * 2;
    const Size size = sizeof(Seen) * wanted;
    seen = static_cast<Seen*>(seen ? repalloc_huge(seen, size) : MemoryContextAllocHuge(TopMemoryContext, size));
    capacity = wanted;
  }
  Seen* const added = &seen[count++];
  *added = {};
  added->kind = kind;
  added->object = object;
  added->part = part;
  return added;
}

void Forget() {
  if (seen) pfree(seen);
  seen = nullptr;
  count = capacity = 0;
}

// The command counter has not moved since the change: the caches have what was before.
void NoteFunction(Oid function) {
  Seen* const added = Add("function", function, 0);
  const HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
  if (!HeapTupleIsValid(tuple)) return;
  const auto* const row = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple));
  added->volatility = row->provolatile;
  added->name = row->proname;
  const char* const schema = get_namespace_name(row->pronamespace);
  added->is_named = schema != nullptr;
  if (schema) namestrcpy(&added->schema, schema);
  ReleaseSysCache(tuple);
}

void NoteNamed(const char* kind, Oid object, int part, const char* name) {
  if (!name) return;
  Seen* const added = Add(kind, object, part);
  added->is_named = true;
  namestrcpy(&added->name, name);
}

bool IsOfMetadata(Oid relation) {
  switch (get_rel_relkind(relation)) {
    case RELKIND_RELATION:
    case RELKIND_PARTITIONED_TABLE:
    case RELKIND_VIEW:
    case RELKIND_MATVIEW:
    case RELKIND_FOREIGN_TABLE:
      return get_rel_persistence(relation) != RELPERSISTENCE_TEMP;
    default:
      return false;
  }
}

void OnObjectAccess(ObjectAccessType access, Oid catalog, Oid object, int part, void* argument) {
  if (next_object_access) next_object_access(access, catalog, object, part, argument);
  if (access != OAT_DROP && access != OAT_POST_ALTER && access != OAT_POST_CREATE) return;
  if (catalog == ProcedureRelationId) {
    NoteFunction(object);
  } else if (catalog == NamespaceRelationId && access == OAT_POST_ALTER) {
    NoteNamed("schema", object, 0, get_namespace_name(object));
  } else if (catalog == RelationRelationId && access != OAT_POST_CREATE && (part > 0 || access == OAT_DROP) &&
             IsOfMetadata(object)) {
    NoteNamed(part > 0 ? "column" : "table", object, part,
              part > 0 ? get_attname(object, part, true) : get_rel_name(object));
  }
}

void OnTransactionEnd(XactEvent event, void*) {
  if (event == XACT_EVENT_ABORT || event == XACT_EVENT_COMMIT || event == XACT_EVENT_PREPARE) Forget();
}

void OnSubtransactionEnd(SubXactEvent event, SubTransactionId, SubTransactionId, void*) {
  if (event == SUBXACT_EVENT_ABORT_SUB) Forget();
}

void AppendMember(StringInfo text, const char* key, const char* value) {
  appendStringInfo(text, ",\"%s\":", key);
  escape_json(text, value);
}

char* SeenAsJson() {
  StringInfoData text;
  initStringInfo(&text);
  for (int i = 0; i < count; i++) {
    const Seen& each = seen[i];
    appendStringInfo(&text, "%c{\"oid\":%u,\"part\":%d", i == 0 ? '[' : ',', each.object, each.part);
    AppendMember(&text, "kind", each.kind);
    if (each.is_named) {
      AppendMember(&text, "schema", NameStr(each.schema));
      AppendMember(&text, "name", NameStr(each.name));
    }
    if (each.volatility != '\0') appendStringInfo(&text, ",\"volatility\":\"%c\"", each.volatility);
    appendStringInfoChar(&text, '}');
  }
  appendStringInfoChar(&text, ']');
  return text.data;
}

// InvalidOid: the extension is not there, or is being made or updated.
Oid Follower() {
  const Oid extension = get_extension_oid("threefactor", true);
  if (!OidIsValid(extension) || (creating_extension && CurrentExtensionObject == extension)) return InvalidOid;
  const Oid schema = get_namespace_oid("threefactor_private", true);
  if (!OidIsValid(schema)) return InvalidOid;
  // Not by LookupFuncName, which asks for rights of whoever runs the statement.
  const Oid types[] = {JSONOID};
  return GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum("follow_names"),
                         PointerGetDatum(buildoidvector(types, 1)), ObjectIdGetDatum(schema));
}

Oid OwnerOf(Oid function) {
  const HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
  if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for function %u", function);
  const Oid owner = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple))->proowner;
  ReleaseSysCache(tuple);
  return owner;
}

}  // namespace

void InstallNameHook() {
  next_object_access = object_access_hook;
  object_access_hook = OnObjectAccess;
  RegisterXactCallback(OnTransactionEnd, nullptr);
  RegisterSubXactCallback(OnSubtransactionEnd, nullptr);
}

void FollowNames() {
  if (count == 0) return;
  const Oid follower = Follower();
  if (!OidIsValid(follower)) return Forget();
  char* const changes = SeenAsJson();
  Forget();
  pg::RunAsOwner(OwnerOf(follower), [changes] {
    if (SPI_connect() != SPI_OK_CONNECT) elog(ERROR, "SPI_connect failed");
    Oid types[] = {TEXTOID};
    Datum values[] = {CStringGetTextDatum(changes)};
    const int result = SPI_execute_with_args("SELECT threefactor_private.follow_names($1::pg_catalog.json)", 1, types,
                                             values, nullptr, false, 0);
    if (result != SPI_OK_SELECT) elog(ERROR, "threefactor_private.follow_names: %s", SPI_result_code_string(result));
    SPI_finish();
  });
}

}  // namespace threefactor::follow
