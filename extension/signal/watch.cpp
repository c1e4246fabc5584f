// threefactor.watch() and threefactor.changes(): how a gateway learns what has changed. See sql/signals.sql.
#include "shared/shared.hpp"

extern "C" {
#include <access/relation.h>
#include <catalog/partition.h>
#include <catalog/pg_inherits.h>
#include <funcapi.h>
#include <utils/syscache.h>
}

namespace threefactor::signal {
namespace {

using shared::Change;
using shared::ChangeKind;
using shared::DatabaseSlot;

constexpr int kCopiedAtOnce = 64;  // entries, under the spinlock

DatabaseSlot* watched = nullptr;  // where this backend is counted

// Always where it was counted, even if that slot has another database by now: one too many does no harm, one too few
// would.
void StopWatching(int, Datum) {
  if (watched) pg_atomic_fetch_sub_u32(&watched->watchers, 1);
  watched = nullptr;
}

// True when this backend was counted already, so that nothing published since then was missed.
bool Watch(DatabaseSlot& slot) {
  static bool exit_registered = false;
  if (watched == &slot) return true;
  if (!exit_registered) before_shmem_exit(StopWatching, 0);
  exit_registered = true;
  StopWatching(0, 0);
  pg_atomic_fetch_add_u32(&slot.watchers, 1);  // a full barrier: the caller's next snapshot comes after it
  watched = &slot;
  return false;
}

DatabaseSlot& Slot() {
  (void)shared::State();  // raises with its hint
  DatabaseSlot* const slot = shared::FindSlot();
  return slot ? *slot : *shared::ObtainSlot(MyDatabaseId);
}

uint64 Newest(DatabaseSlot& slot) {
  SpinLockAcquire(&slot.changes_lock);
  const uint64 newest = slot.newest_change;
  SpinLockRelease(&slot.changes_lock);
  return newest;
}

// Copies entries from `first` on, up to the newest. -1: some of them have been overwritten.
int Copy(DatabaseSlot& slot, uint64 first, Change* copies) {
  SpinLockAcquire(&slot.changes_lock);
  const uint64 newest = slot.newest_change;
  const bool lost = newest >= first + shared::kChangeRingSize;
  int count = 0;
  while (!lost && count < kCopiedAtOnce && first + count <= newest) {
    copies[count] = slot.changes[(first + count) % shared::kChangeRingSize];
    count++;
  }
  SpinLockRelease(&slot.changes_lock);
  return lost ? -1 : count;
}

void PutRow(ReturnSetInfo* result, uint64 sequence, Oid relation, const char* kind) {
  Datum values[3] = {Int64GetDatum(static_cast<int64>(sequence)), ObjectIdGetDatum(relation),
                     CStringGetTextDatum(kind)};
  bool nulls[3] = {false, !OidIsValid(relation), false};
  tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

// A change of a partition is one of its parents, and a change of a parent is perhaps one of any of its partitions;
// likewise with inheritance. Worked out here, so that writers need not.
void PutRelation(ReturnSetInfo* result, uint64 sequence, Oid relation) {
  PutRow(result, sequence, relation, "relation");
  if (!SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relation))) return;
  ListCell* cell;
  List* const descendants = find_all_inheritors(relation, NoLock, nullptr);
  foreach (cell, descendants)
    if (lfirst_oid(cell) != relation) PutRow(result, sequence, lfirst_oid(cell), "relation");
  List* pending = list_make1_oid(relation);
  while (pending != NIL) {
    const Oid child = linitial_oid(pending);
    pending = list_delete_first(pending);
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_inherits_inhrelid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(child));
    const Relation catalog = table_open(InheritsRelationId, AccessShareLock);
    const SysScanDesc scan = systable_beginscan(catalog, InheritsRelidSeqnoIndexId, true, nullptr, 1, &key);
    while (const HeapTuple tuple = systable_getnext(scan)) {
      const Oid parent = reinterpret_cast<Form_pg_inherits>(GETSTRUCT(tuple))->inhparent;
      PutRow(result, sequence, parent, "relation");
      pending = lappend_oid(pending, parent);
    }
    systable_endscan(scan);
    table_close(catalog, AccessShareLock);
  }
}

void PutChange(ReturnSetInfo* result, const Change& change) {
  switch (change.kind) {
    case ChangeKind::kRelation:
      PutRelation(result, change.sequence, change.relation);
      return;
    case ChangeKind::kSchema:
      PutRow(result, change.sequence, InvalidOid, "schema");
      return;
    case ChangeKind::kEverything:
      PutRow(result, change.sequence, InvalidOid, "everything");
      return;
  }
}

// False when entries after `after` have been overwritten.
bool PutChangesAfter(ReturnSetInfo* result, DatabaseSlot& slot, uint64 after) {
  Change copies[kCopiedAtOnce];
  for (;;) {
    const int count = Copy(slot, after + 1, copies);
    if (count < 0) return false;
    for (int i = 0; i < count; i++) PutChange(result, copies[i]);
    if (count < kCopiedAtOnce) return true;
    after += count;
  }
}

const char* EpochText() {
  return psprintf(UINT64_FORMAT, shared::State().epoch);
}

}  // namespace
}  // namespace threefactor::signal

THREEFACTOR_SQL_FUNCTION(threefactor_watch);
THREEFACTOR_SQL_FUNCTION(threefactor_changes);

Datum threefactor_watch(PG_FUNCTION_ARGS) {
  using namespace threefactor::signal;
  TupleDesc descriptor = nullptr;
  if (get_call_result_type(fcinfo, nullptr, &descriptor) != TYPEFUNC_COMPOSITE)
    elog(ERROR, "threefactor.watch must return a row");
  DatabaseSlot& slot = Slot();
  Watch(slot);
  Datum values[2] = {CStringGetTextDatum(EpochText()), Int64GetDatum(static_cast<int64>(Newest(slot)))};
  bool nulls[2] = {false, false};
  PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(descriptor), values, nulls)));
}

Datum threefactor_changes(PG_FUNCTION_ARGS) {
  using namespace threefactor::signal;
  const char* const epoch = text_to_cstring(PG_GETARG_TEXT_PP(0));
  const int64 after = PG_GETARG_INT64(1);
  InitMaterializedSRF(fcinfo, 0);
  auto* const result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
  DatabaseSlot& slot = Slot();
  const bool watching = Watch(slot);
  const uint64 newest = Newest(slot);
  const bool known = watching && strcmp(epoch, EpochText()) == 0 && after >= 0 && static_cast<uint64>(after) <= newest;
  if (!known || !PutChangesAfter(result, slot, after)) {
    tuplestore_clear(result->setResult);
    PutRow(result, Newest(slot), InvalidOid, "everything");
  }
  return Datum{0};
}
