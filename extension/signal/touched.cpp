#include "signal/touched.hpp"

extern "C" {
#include <catalog/pg_class.h>
#include <replication/logicalworker.h>
#include <utils/inval.h>
#include <utils/syscache.h>
}

namespace threefactor::signal {

using shared::Change;
using shared::ChangeKind;
using shared::DatabaseSlot;

namespace {

struct Touched {
  int count;
  Oid relations[kMaxTouched];
  bool schema;
  bool everything;
};

Touched touched;  // static memory: the commit callback allocates nothing

Oid watchable = InvalidOid;  // the last relation that was found so; most sessions change few

void OnRelationChanged(Datum, Oid relation) {
  if (relation == InvalidOid || relation == watchable) watchable = InvalidOid;
}

bool IsWatchable(Oid relation) {
  if (relation == watchable) return true;
  if (relation < FirstNormalObjectId) return false;
  const HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
  if (!HeapTupleIsValid(tuple)) return false;
  const auto* row = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple));
  const bool temporary = row->relpersistence == RELPERSISTENCE_TEMP;
  const Oid schema = row->relnamespace;
  ReleaseSysCache(tuple);
  if (temporary || schema == get_namespace_oid("threefactor", true)) return false;
  watchable = relation;
  return true;
}

// REQUIRES: changes_lock.
void Put(DatabaseSlot& slot, ChangeKind kind, Oid relation) {
  const uint64 sequence = ++slot.newest_change;
  slot.changes[sequence % shared::kChangeRingSize] = {sequence, relation, kind};
}

// Raises nothing and allocates nothing: it runs in a commit callback.
void Publish(DatabaseSlot& slot, const Touched& set) {
  SpinLockAcquire(&slot.changes_lock);
  if (set.everything) {
    Put(slot, ChangeKind::kEverything, InvalidOid);
  } else {
    for (int i = 0; i < set.count; i++) Put(slot, ChangeKind::kRelation, set.relations[i]);
  }
  if (set.schema) Put(slot, ChangeKind::kSchema, InvalidOid);
  SpinLockRelease(&slot.changes_lock);
  shared::RingDoorbell(slot);
}

bool IsWatched(const DatabaseSlot* slot) {
  return slot && pg_atomic_read_u32(const_cast<pg_atomic_uint32*>(&slot->watchers)) > 0;
}

void OnTransaction(XactEvent event, void*) {
  if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE) return;
  if (event == XACT_EVENT_COMMIT) {
    // A statement that found no row to change assigned no transaction id. DDL may commit in steps: it counts in any
    // case.
    if (!TransactionIdIsValid(GetTopTransactionIdIfAny())) touched.count = 0;
    // Logical replication writes past the executor's hooks, and commits prepared transactions past the utility hook.
    if (IsLogicalWorker()) touched.everything = true;
    pg_memory_barrier();  // the changes are visible before the watchers are counted
    DatabaseSlot* const slot = touched.count > 0 || touched.schema || touched.everything ? shared::FindSlot() : nullptr;
    if (IsWatched(slot)) Publish(*slot, touched);
  }
  touched.count = 0;
  touched.schema = touched.everything = false;
}

}  // namespace

void TouchRelation(Oid relation) {
  for (int i = touched.count; i-- > 0;)
    if (touched.relations[i] == relation) return;
  if (touched.everything || !IsWatchable(relation)) return;
  if (touched.count == kMaxTouched)
    touched.everything = true;
  else
    touched.relations[touched.count++] = relation;
}

void TouchSchema() {
  touched.schema = true;
}

void TouchEverything() {
  touched.everything = true;
}

void PublishEverything() {
  Touched all = {};
  all.everything = true;
  DatabaseSlot* const slot = shared::FindSlot();
  if (IsWatched(slot)) Publish(*slot, all);
}

void RegisterCallbacks() {
  RegisterXactCallback(OnTransaction, nullptr);
  CacheRegisterRelcacheCallback(OnRelationChanged, 0);
}

}  // namespace threefactor::signal
