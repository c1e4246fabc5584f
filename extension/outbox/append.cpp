#include "outbox/append.hpp"

#include "outbox/partition.hpp"
#include "outbox/tuple.hpp"

namespace threefactor::outbox {

namespace {

constexpr int kRandomIds = 64;  // event ids drawn at once

bool appended = false;  // this transaction has new events

// The tuple is the slot's, and freed with it when an error ends the call.
void FillRow(TupleTableSlot* row, int partition, FullTransactionId xid, const NewEvent& event) {
  const MemoryContext caller = MemoryContextSwitchTo(row->tts_mcxt);
  (void)ExecStoreHeapTuple(FormTuple(row->tts_tupleDescriptor->natts, partition, xid, event), row, true);
  MemoryContextSwitchTo(caller);
}

void OnTransaction(XactEvent event, void*) {
  if (event == XACT_EVENT_COMMIT && appended) {
    shared::EnsureWorker();
    if (const shared::DatabaseSlot* slot = shared::FindSlot()) shared::RingForEvents(*slot);
  }
  if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE) appended = false;
}

}  // namespace

void Append(shared::DatabaseSlot& slot, const NewEvent* events, int count) {
  if (count == 0) return;
  appended = true;
  const OpenPartition partition = OpenForWriting(slot);
  const FullTransactionId xid = GetTopFullTransactionId();
  for (int done = 0; done < count; done += kRowsAtOnce) {
    const int some = Min(kRowsAtOnce, count - done);
    for (int i = 0; i < some; i++) FillRow(partition.rows[i], partition.number, xid, events[done + i]);
    Insert(partition, some);
  }
  Close(partition);
}

void RefuseIfReadOnly(const char* command) {
  PreventCommandIfReadOnly(command);
  PreventCommandIfParallelMode(command);
}

shared::DatabaseSlot& RequireSlot() {
  shared::DatabaseSlot* slot = shared::FindSlot();
  return slot ? *slot : *shared::ObtainSlot(MyDatabaseId);
}

pg_uuid_t NewEventId() {
  static pg_uuid_t drawn[kRandomIds];
  static int left = 0;
  if (left == 0) {
    if (!pg_strong_random(drawn, sizeof drawn))
      ereport(ERROR, errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random values"));
    left = kRandomIds;
  }
  pg_uuid_t id = drawn[--left];
  id.data[6] = (id.data[6] & 0x0f) | 0x40;
  id.data[8] = (id.data[8] & 0x3f) | 0x80;
  return id;
}

void RegisterCallbacks() {
  RegisterXactCallback(OnTransaction, nullptr);
}

}  // namespace threefactor::outbox
