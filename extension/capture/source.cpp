#include "capture/source.hpp"

#include "capture/arguments.hpp"
#include "errors.hpp"

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

// The relation of the trigger that this one is a clone of, for partitions.
Oid FindRoot(Oid relation, Oid trigger) {
  const Relation catalog = table_open(TriggerRelationId, AccessShareLock);
  while (OidIsValid(trigger)) {
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_trigger_oid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(trigger));
    const SysScanDesc scan = systable_beginscan(catalog, TriggerOidIndexId, true, nullptr, 1, &key);
    const HeapTuple tuple = systable_getnext(scan);
    trigger = InvalidOid;
    if (HeapTupleIsValid(tuple)) {
      const auto* row = reinterpret_cast<Form_pg_trigger>(GETSTRUCT(tuple));
      relation = row->tgrelid;
      trigger = row->tgparentid;
    }
    systable_endscan(scan);
  }
  table_close(catalog, AccessShareLock);
  return relation;
}

[[noreturn]] void RaiseNotOurs(Relation relation, const Trigger& trigger) {
  ereport(ERROR, errcode(ERRCODE_THREEFACTOR_NOT_OUR_TRIGGER),
          errmsg("trigger \"%s\" of table \"%s\" was not made by threefactor.create_event_trigger", trigger.tgname,
                 RelationGetRelationName(relation)),
          errhint("Drop it, and make an event trigger instead."));
  pg_unreachable();
}

// What the trigger's name says after the definition.
const char* SuffixOf(Relation relation, const Trigger& trigger, int32 definition) {
  char expected[NAMEDATALEN];
  const int length = pg_snprintf(expected, sizeof expected, "%s%d_", kTriggerPrefix, definition);
  if (definition <= 0 || strncmp(trigger.tgname, expected, length) != 0) RaiseNotOurs(relation, trigger);
  return trigger.tgname + length;
}

// Whether a row that leaves another partition is noticed where it arrives (move.hpp), or no need be. It is not with
// triggers of version 0.1 that have a condition.
bool NoticesMoves(Relation relation, int32 definition) {
  char prefix[NAMEDATALEN];
  const int length = pg_snprintf(prefix, sizeof prefix, "%s%d_", kTriggerPrefix, definition);
  bool notices = false;
  bool needs = false;
  for (int i = 0; i < relation->trigdesc->numtriggers; i++) {
    const Trigger& trigger = relation->trigdesc->triggers[i];
    if (strncmp(trigger.tgname, prefix, length) != 0) continue;
    const bool inserts = TRIGGER_FOR_INSERT(trigger.tgtype);
    needs |= inserts || TRIGGER_FOR_UPDATE(trigger.tgtype);
    notices |= inserts && !trigger.tgqual;
  }
  return notices || !needs;
}

// In the current memory context.
PartitionSource* DescribePartition(Relation relation, Oid root, int32 definition) {
  if (root == RelationGetRelid(relation) || get_rel_relispartition(root) || !NoticesMoves(relation, definition))
    return nullptr;
  auto* partition = static_cast<PartitionSource*>(palloc0(sizeof(PartitionSource)));
  const Relation root_relation = table_open(root, AccessShareLock);
  partition->root_descriptor = CreateTupleDescCopy(RelationGetDescr(root_relation));
  partition->to_root = build_attrmap_by_name_if_req(RelationGetDescr(relation), partition->root_descriptor);
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

Source* MakeSource(Relation relation, const Trigger& trigger) {
  const Arguments arguments = ParseArguments(trigger);
  const char* const suffix = SuffixOf(relation, trigger, arguments.definition);
  const Oid root = FindRoot(RelationGetRelid(relation), trigger.tgoid);
  char* const name = get_rel_name(root);
  char* const schema = get_namespace_name(get_rel_namespace(root));

  const MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "threefactor source", ALLOCSET_SMALL_SIZES);
  const MemoryContext caller = MemoryContextSwitchTo(context);
  auto* source = static_cast<Source*>(palloc0(sizeof(Source)));
  source->context = context;
  source->trigger = trigger.tgoid;
  source->relation = RelationGetRelid(relation);
  source->root = root;
  source->definition = arguments.definition;
  source->table_schema = cstring_to_text(schema ? schema : "");
  source->table_name = cstring_to_text(name ? name : "");
  source->payload = Numbers(source->relation, arguments.payload);
  source->columns = Numbers(source->relation, arguments.columns);
  source->order_key = DescribeOrderKey(relation, arguments.order_by);
  source->only_moves = strcmp(suffix, kMoveOut) == 0 || strcmp(suffix, kMoveIn) == 0;
  source->partition = DescribePartition(relation, root, arguments.definition);
  source->rendering = DescribeTable(RelationGetDescr(relation));
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
  if (stale == NIL) return;
  ListCell* cell;
  foreach (cell, stale) MemoryContextDelete(static_cast<Source*>(lfirst(cell))->context);
  list_free(stale);
  stale = NIL;
}

}  // namespace threefactor::capture
