#include "capture/event_trigger.hpp"

#include "pg/errors.hpp"

extern "C" {
#include <utils/hsearch.h>
}

namespace threefactor::capture {

namespace {

// The first columns of sql/event_triggers.sql, in every version.
enum EventTriggerColumn { kTriggerId = 1, kName, kDefinition };
enum DefinitionColumn { kDefinitionId = 1, kOfTrigger, kRelation };

Relation OpenTable(const char* name) {
  const Oid schema = get_namespace_oid("threefactor", true);
  const Oid table = OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;
  if (!OidIsValid(table))
    ereport(ERROR, errcode(ERRCODE_UNDEFINED_TABLE), errmsg("the table \"%s\" of threefactor is missing", name),
            errhint("Drop the extension threefactor and create it again."));
  return table_open(table, AccessShareLock);
}

// Calls `use(tuple, descriptor)` with the row whose primary key, its first column, is `id`; false when there is none.
// By a fresh snapshot: the session's may be older than the event trigger.
template <typename Use>
bool WithRow(const char* table_name, int32 id, const Use& use) {
  const Relation table = OpenTable(table_name);
  const Oid index = RelationGetPrimaryKeyIndex(table);
  ScanKeyData key;
  ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(id));
  const SysScanDesc scan = systable_beginscan(table, index, OidIsValid(index), nullptr, 1, &key);
  const HeapTuple tuple = systable_getnext(scan);
  const bool found = HeapTupleIsValid(tuple) && use(tuple, RelationGetDescr(table));
  systable_endscan(scan);
  table_close(table, AccessShareLock);
  return found;
}

bool IsName(Datum stored, const char* name) {
  char* const copy = TextDatumGetCString(stored);
  const bool same = strcmp(copy, name) == 0;
  pfree(copy);
  return same;
}

HTAB* warned = nullptr;  // OIDs of triggers

bool IsFirstTime(Oid trigger) {
  if (!warned) {
    HASHCTL control = {};
    control.keysize = control.entrysize = sizeof(Oid);
    warned = hash_create("threefactor foreign row triggers", 16, &control, HASH_ELEM | HASH_BLOBS);
  }
  bool found = false;
  (void)hash_search(warned, &trigger, HASH_ENTER, &found);
  return !found;
}

}  // namespace

bool BelongsToEventTrigger(Oid relation, const Arguments& arguments) {
  if (arguments.definition == 0) return false;
  int32 event_trigger = 0;
  const auto is_of_relation = [&](HeapTuple tuple, TupleDesc descriptor) {
    bool null = false;
    bool no_relation = false;
    event_trigger = DatumGetInt32(heap_getattr(tuple, kOfTrigger, descriptor, &null));
    return DatumGetObjectId(heap_getattr(tuple, kRelation, descriptor, &no_relation)) == relation && !no_relation;
  };
  const auto is_named = [&](HeapTuple tuple, TupleDesc descriptor) {
    bool null = false;
    return DatumGetInt32(heap_getattr(tuple, kDefinition, descriptor, &null)) == arguments.definition &&
           (!arguments.event_trigger || IsName(heap_getattr(tuple, kName, descriptor, &null), arguments.event_trigger));
  };
  return WithRow("definition", arguments.definition, is_of_relation) &&
         WithRow("event_trigger", event_trigger, is_named);
}

void WarnThatNothingIsCaptured(Relation relation, const Trigger& trigger, Oid made) {
  if (!IsFirstTime(made)) return;
  const char* const table = RelationGetRelationName(relation);
  const char* const name = ParseArguments(trigger).event_trigger;
  ereport(WARNING, errcode(ERRCODE_THREEFACTOR_NOT_OUR_TRIGGER),
          errmsg("trigger \"%s\" of table \"%s\" captures nothing: it belongs to no event trigger of this database",
                 trigger.tgname, table),
          name ? errdetail("There is no event trigger \"%s\" on this table, or it has been made anew since.", name) : 0,
          errhint("Make the event trigger of this table with threefactor.create_event_trigger(..., replace => true), "
                  "or drop the trigger."));
}

}  // namespace threefactor::capture
