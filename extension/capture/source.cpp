#include "capture/source.hpp"

#include "capture/arguments.hpp"
#include "capture/event_trigger.hpp"

extern "C" {
#include <access/attmap.h>
#include <access/table.h>
#include <catalog/indexing.h>
#include <catalog/pg_trigger.h>
#include <utils/hsearch.h>
#include <utils/inval.h>
#include <utils/syscache.h>
}

namespace threefactor::capture {

namespace {

struct Entry {
  Oid trigger;  // key
  Source* source;
};

HTAB* sources = nullptr;
List* stale = NIL;  // replaced, but perhaps in use until the transaction ends; in TopMemoryContext
bool some_capture_nothing = false;

void Invalidate(bool (*concerns)(const Source&, Oid), Oid relation) {
  HASH_SEQ_STATUS sequence;
  hash_seq_init(&sequence, sources);
  while (auto* entry = static_cast<Entry*>(hash_seq_search(&sequence)))
    if (entry->source && concerns(*entry->source, relation)) entry->source->valid = false;
}

void OnRelationChanged(Datum, Oid relation) {
  Invalidate([](const Source& source,
                Oid changed) { return changed == InvalidOid || changed == source.relation || changed == source.root; },
             relation);
}

// A schema was renamed, perhaps.
void OnSchemaChanged(Datum, int, uint32) {
  Invalidate([](const Source&, Oid) { return true; }, InvalidOid);
}

void MakeCache() {
  HASHCTL control = {};
  control.keysize = sizeof(Oid);
  control.entrysize = sizeof(Entry);
  sources = hash_create("threefactor sources", 64, &control, HASH_ELEM | HASH_BLOBS);
  CacheRegisterRelcacheCallback(OnRelationChanged, 0);
  CacheRegisterSyscacheCallback(NAMESPACEOID, OnSchemaChanged, 0);
}

struct Root {
  Oid relation;
  Oid trigger;
};

// The trigger that this one is a clone of, for partitions, and its relation.
Root FindRoot(Oid relation, Oid trigger) {
  Root root = {relation, trigger};
  const Relation catalog = table_open(TriggerRelationId, AccessShareLock);
  while (OidIsValid(trigger)) {
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_trigger_oid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(trigger));
    const SysScanDesc scan = systable_beginscan(catalog, TriggerOidIndexId, true, nullptr, 1, &key);
    const HeapTuple tuple = systable_getnext(scan);
    trigger = InvalidOid;
    if (HeapTupleIsValid(tuple)) {
      const auto* row = reinterpret_cast<Form_pg_trigger>(GETSTRUCT(tuple));
      root = {row->tgrelid, row->oid};
      trigger = row->tgparentid;
    }
    systable_endscan(scan);
  }
  table_close(catalog, AccessShareLock);
  return root;
}

// Whether a row that leaves another partition is noticed where it arrives (move.hpp), or no need be. It is not with
// triggers of version 0.1 that have a condition.
bool NoticesMoves(Relation relation, Oid function, int32 definition) {
  bool notices = false;
  bool needs = false;
  for (int i = 0; i < relation->trigdesc->numtriggers; i++) {
    const Trigger& trigger = relation->trigdesc->triggers[i];
    if (trigger.tgfoid != function || ParseArguments(trigger).definition != definition) continue;
    const bool inserts = TRIGGER_FOR_INSERT(trigger.tgtype);
    needs |= inserts || TRIGGER_FOR_UPDATE(trigger.tgtype);
    notices |= inserts && !trigger.tgqual;
  }
  return notices || !needs;
}

// In the current memory context.
PartitionSource* DescribePartition(Relation relation, Oid root, Oid function, int32 definition) {
  if (root == RelationGetRelid(relation) || get_rel_relispartition(root) ||
      !NoticesMoves(relation, function, definition))
    return nullptr;
  auto* partition = static_cast<PartitionSource*>(palloc0(sizeof(PartitionSource)));
  const Relation root_relation = table_open(root, AccessShareLock);
  partition->root_descriptor = CreateTupleDescCopy(RelationGetDescr(root_relation));
  partition->to_root = pg::MapByName(RelationGetDescr(relation), partition->root_descriptor);
  table_close(root_relation, NoLock);
  return partition;
}

// Numbers of the columns; null when no names are given. All of them gone: an empty choice (0 is no column's number).
Bitmapset* Numbers(Oid relation, const Names& names) {
  Bitmapset* numbers = nullptr;
  for (int i = 0; i < names.count; i++) {
    const AttrNumber number = get_attnum(relation, names.first[i]);
    if (number > 0) numbers = bms_add_member(numbers, number);
  }
  return names.count > 0 && !numbers ? bms_make_singleton(0) : numbers;
}

void Describe(Source& source, Relation relation, const Trigger& trigger, const Arguments& arguments) {
  char* const name = get_rel_name(source.root);
  char* const schema = get_namespace_name(get_rel_namespace(source.root));
  source.definition = arguments.definition;
  source.table_schema = cstring_to_text(schema ? schema : "");
  source.table_name = cstring_to_text(name ? name : "");
  source.payload = Numbers(source.relation, arguments.payload);
  source.columns = Numbers(source.relation, arguments.columns);
  source.order_key = DescribeOrderKey(relation, arguments.order_by);
  source.only_moves = arguments.only_moves;
  source.partition = DescribePartition(relation, source.root, trigger.tgfoid, arguments.definition);
  source.rendering = DescribeTable(RelationGetDescr(relation));
}

Source* MakeSource(Relation relation, const Trigger& trigger) {
  const Arguments arguments = ParseArguments(trigger);
  const Root root = FindRoot(RelationGetRelid(relation), trigger.tgoid);
  const MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "threefactor source", ALLOCSET_SMALL_SIZES);
  const MemoryContext caller = MemoryContextSwitchTo(context);
  auto* source = static_cast<Source*>(palloc0(sizeof(Source)));
  source->context = context;
  source->trigger = trigger.tgoid;
  source->relation = RelationGetRelid(relation);
  source->root = root.relation;
  source->made = root.trigger;
  source->function = trigger.tgfoid;
  source->captures = BelongsToEventTrigger(root.relation, arguments);
  if (source->captures) Describe(*source, relation, trigger, arguments);
  some_capture_nothing |= !source->captures;
  source->valid = true;
  MemoryContextSetParent(context, CacheMemoryContext);
  MemoryContextSwitchTo(caller);
  return source;
}

}  // namespace

Source& FindSource(Relation relation, const Trigger& trigger) {
  if (!sources) MakeCache();
  bool found = false;
  auto* entry = static_cast<Entry*>(hash_search(sources, &trigger.tgoid, HASH_FIND, &found));
  if (found && entry->source->valid) return *entry->source;
  Source* const source = MakeSource(relation, trigger);
  entry = static_cast<Entry*>(hash_search(sources, &trigger.tgoid, HASH_ENTER, &found));
  if (found) {
    const MemoryContext caller = MemoryContextSwitchTo(TopMemoryContext);
    stale = lappend(stale, entry->source);
    MemoryContextSwitchTo(caller);
  }
  entry->source = source;
  return *source;
}

void ForgetStaleSources() {
  // Their event trigger may come later, as the rows of a dump that is being restored.
  if (some_capture_nothing) Invalidate([](const Source& source, Oid) { return !source.captures; }, InvalidOid);
  some_capture_nothing = false;
  if (stale == NIL) return;
  ListCell* cell;
  foreach (cell, stale) MemoryContextDelete(static_cast<Source*>(lfirst(cell))->context);
  list_free(stale);
  stale = NIL;
}

}  // namespace threefactor::capture
