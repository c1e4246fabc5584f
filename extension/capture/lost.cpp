#include "capture/lost.hpp"

#include "capture/arguments.hpp"
#include "pg/as_owner.hpp"

extern "C" {
#include <catalog/dependency.h>
#include <catalog/indexing.h>
#include <catalog/objectaccess.h>
#include <catalog/pg_trigger.h>
}

namespace threefactor::capture {

namespace {

constexpr int kMostNoted = 64;  // definitions; if a statement touches more, all are looked at

// Static memory: what a statement that failed has noted is looked at after the next one, in vain.
struct Noted {
  int count;
  int32 definitions[kMostNoted];
};

Noted noted;
object_access_hook_type next_object_access = nullptr;

void Note(int32 definition) {
  if (definition <= 0 || noted.count > kMostNoted) return;
  for (int i = 0; i < noted.count; i++)
    if (noted.definitions[i] == definition) return;
  if (noted.count < kMostNoted) noted.definitions[noted.count] = definition;
  noted.count++;
}

// As the relation's description of its triggers is made.
int32 DefinitionOf(HeapTuple tuple, TupleDesc descriptor) {
  const auto* const row = reinterpret_cast<Form_pg_trigger>(GETSTRUCT(tuple));
  bool null = false;
  const Datum value = heap_getattr(tuple, Anum_pg_trigger_tgargs, descriptor, &null);
  if (null || row->tgnargs <= 0) return 0;
  char* text = VARDATA_ANY(DatumGetByteaPP(value));
  Trigger trigger = {};
  trigger.tgnargs = row->tgnargs;
  trigger.tgargs = static_cast<char**>(palloc(sizeof(char*) * row->tgnargs));
  for (int i = 0; i < row->tgnargs; i++) {
    trigger.tgargs[i] = text;
    text += strlen(text) + 1;
  }
  return ParseArguments(trigger).definition;
}

void NoteTrigger(Oid trigger) {
  const Oid function = CaptureFunction();
  if (!OidIsValid(function)) return;
  const Relation catalog = table_open(TriggerRelationId, AccessShareLock);
  ScanKeyData key;
  ScanKeyInit(&key, Anum_pg_trigger_oid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(trigger));
  const SysScanDesc scan = systable_beginscan(catalog, TriggerOidIndexId, true, nullptr, 1, &key);
  const HeapTuple tuple = systable_getnext(scan);
  if (HeapTupleIsValid(tuple) && reinterpret_cast<Form_pg_trigger>(GETSTRUCT(tuple))->tgfoid == function)
    Note(DefinitionOf(tuple, RelationGetDescr(catalog)));
  systable_endscan(scan);
  table_close(catalog, AccessShareLock);
}

void OnObjectAccess(ObjectAccessType access, Oid catalog, Oid object, int part, void* argument) {
  if (next_object_access) next_object_access(access, catalog, object, part, argument);
  if (catalog == TriggerRelationId && (access == OAT_DROP || access == OAT_POST_ALTER)) NoteTrigger(object);
}

constexpr char kSelect[] =
    "SELECT name, problem FROM threefactor_private.capture_problems "
    "WHERE $1 IS NULL OR definition_id OPERATOR(pg_catalog.=) ANY ($1) ORDER BY name USING OPERATOR(pg_catalog.<)";

// Null: all.
Datum Definitions(const Noted& looked_at) {
  if (looked_at.count > kMostNoted) return 0;
  Datum elements[kMostNoted];
  for (int i = 0; i < looked_at.count; i++) elements[i] = Int32GetDatum(looked_at.definitions[i]);
  return PointerGetDatum(construct_array(elements, looked_at.count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

void Warn(const Noted& looked_at) {
  if (SPI_connect() != SPI_OK_CONNECT) elog(ERROR, "SPI_connect failed");
  Oid types[] = {INT4ARRAYOID};
  Datum values[] = {Definitions(looked_at)};
  const char nulls[] = {values[0] == 0 ? 'n' : ' '};
  const int result = SPI_execute_with_args(kSelect, 1, types, values, nulls, false, 0);
  if (result != SPI_OK_SELECT) elog(ERROR, "threefactor_private.capture_problems: %s", SPI_result_code_string(result));
  for (uint64 i = 0; i < SPI_processed; i++)
    ereport(WARNING,
            errmsg("event trigger \"%s\" %s", SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1),
                   SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2)),
            errhint("Make it anew with threefactor.create_event_trigger(..., replace => true), enable the row triggers "
                    "with ALTER TABLE, or drop it with threefactor.drop_event_trigger(). See threefactor.status."));
  SPI_finish();
}

}  // namespace

void InstallLossHook() {
  next_object_access = object_access_hook;
  object_access_hook = OnObjectAccess;
}

// With the rights of the view's owner, since whoever runs the statement need have none; what the view reads are
// catalogs and our tables.
void WarnOfLostTriggers() {
  if (noted.count == 0) return;
  const Noted looked_at = noted;
  noted.count = 0;
  const Oid schema = get_namespace_oid("threefactor_private", true);
  const Oid view = OidIsValid(schema) ? get_relname_relid("capture_problems", schema) : InvalidOid;
  if (!OidIsValid(view)) return;
  const Relation relation = relation_open(view, AccessShareLock);
  const Oid owner = relation->rd_rel->relowner;
  relation_close(relation, AccessShareLock);
  pg::RunAsOwner(owner, [&looked_at] { Warn(looked_at); });
}

}  // namespace threefactor::capture
