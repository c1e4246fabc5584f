#include "outbox/append.hpp"

#include "outbox/columns.hpp"
#include "outbox/partition.hpp"

extern "C" {
#include <utils/array.h>
}

namespace threefactor::outbox {

namespace {

constexpr int kRandomIds = 64;  // event ids drawn at once

MemoryContext append_context = nullptr;  // emptied after each use
bool appended = false;                   // this transaction has new events

// A one-dimensional array without nulls.
Datum FixedArray(Oid element_type, const void* elements, std::size_t element_size, int count) {
  const int size = static_cast<int>(ARR_OVERHEAD_NONULLS(1) + element_size * count);
  auto* array = static_cast<ArrayType*>(palloc0(size));
  SET_VARSIZE(array, size);
  array->ndim = 1;
  array->elemtype = element_type;
  ARR_DIMS(array)[0] = count;
  ARR_LBOUND(array)[0] = 1;
  memcpy(ARR_DATA_PTR(array), elements, element_size * count);
  return PointerGetDatum(array);
}

const char* OperationName(Operation operation) {
  switch (operation) {
    case Operation::kInsert:
      return "INSERT";
    case Operation::kUpdate:
      return "UPDATE";
    case Operation::kDelete:
      return "DELETE";
    case Operation::kTruncate:
      return "TRUNCATE";
    case Operation::kManual:
      return "MANUAL";
  }
  pg_unreachable();
}

void SetText(TupleTableSlot* row, Column column, const text* value) {
  row->tts_values[column] = PointerGetDatum(value);
  row->tts_isnull[column] = value == nullptr;
}

void FillRow(TupleTableSlot* row, int partition, FullTransactionId xid, const Event& event) {
  ExecClearTuple(row);
  memset(row->tts_isnull, 0, kColumnCount);
  row->tts_values[kPartition] = Int16GetDatum(static_cast<int16>(partition));
  row->tts_values[kXid] = UInt64GetDatum(U64FromFullTransactionId(xid));
  row->tts_values[kPosition] = Int64GetDatum(static_cast<int64>(event.position));
  row->tts_values[kEventId] = UUIDPGetDatum(&event.event_id);
  row->tts_values[kCreatedAt] = TimestampTzGetDatum(event.created_at);
  row->tts_values[kDefinitions] = FixedArray(INT4OID, event.definitions, sizeof(int32), event.definition_count);
  row->tts_values[kOperation] = CStringGetTextDatum(OperationName(event.operation));
  SetText(row, kTableSchema, event.table_schema);
  SetText(row, kTableName, event.table_name);
  SetText(row, kOldRow, event.old_row);
  SetText(row, kNewRow, event.new_row);
  SetText(row, kSessionVariables, event.session_variables);
  SetText(row, kTraceContext, event.trace_context);
  row->tts_isnull[kOrderKeys] = event.order_keys == nullptr;
  if (event.order_keys)
    row->tts_values[kOrderKeys] = FixedArray(INT8OID, event.order_keys, sizeof(uint64), event.definition_count);
  ExecStoreVirtualTuple(row);
}

void OnTransaction(XactEvent event, void*) {
  if (event == XACT_EVENT_COMMIT && appended)
    if (shared::DatabaseSlot* slot = shared::FindSlot()) shared::RingForEvents(*slot);
  if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE) appended = false;
}

}  // namespace

void Append(shared::DatabaseSlot& slot, const Event* events, int count) {
  if (count == 0) return;
  if (!append_context)
    append_context = AllocSetContextCreate(TopMemoryContext, "threefactor append", ALLOCSET_DEFAULT_SIZES);
  MemoryContextReset(append_context);  // of a call that an error ended
  const MemoryContext caller = MemoryContextSwitchTo(append_context);
  appended = true;
  const Partition partition = OpenForWriting(slot);
  const FullTransactionId xid = GetTopFullTransactionId();
  for (int done = 0; done < count; done += kRowsAtOnce) {
    const int some = Min(kRowsAtOnce, count - done);
    for (int i = 0; i < some; i++) FillRow(partition.rows[i], partition.number, xid, events[done + i]);
    Insert(partition, some);
  }
  Close(partition);
  MemoryContextSwitchTo(caller);
  MemoryContextReset(append_context);
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
