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
  if (count == 0) return PointerGetDatum(construct_empty_array(element_type));
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
    case Operation::kEmit:
      return "EMIT";
    case Operation::kError:
      return "ERROR";
    case Operation::kScheduled:
      return "SCHEDULED";
  }
  pg_unreachable();
}

struct Values {
  Datum datums[kColumnCount];
  bool nulls[kColumnCount];

  void SetText(Column column, const text* value) {
    datums[column] = PointerGetDatum(value);
    nulls[column] = value == nullptr;
  }
};

// Of the columns that the partition has: an outbox of an earlier version lacks the last ones, and what they say.
void FillRow(TupleTableSlot* row, int partition, FullTransactionId xid, const Event& event) {
  Values values = {};
  values.datums[kPartition] = Int16GetDatum(static_cast<int16>(partition));
  values.datums[kXid] = UInt64GetDatum(U64FromFullTransactionId(xid));
  values.datums[kPosition] = Int64GetDatum(static_cast<int64>(event.position));
  values.datums[kEventId] = UUIDPGetDatum(&event.event_id);
  values.datums[kCreatedAt] = TimestampTzGetDatum(event.created_at);
  values.datums[kDefinitions] = FixedArray(INT4OID, event.definitions, sizeof(int32), event.definition_count);
  values.datums[kOperation] = CStringGetTextDatum(OperationName(event.operation));
  values.SetText(kTableSchema, event.table_schema);
  values.SetText(kTableName, event.table_name);
  values.SetText(kOldRow, event.old_row);
  values.SetText(kNewRow, event.new_row);
  values.SetText(kSessionVariables, event.session_variables);
  values.SetText(kTraceContext, event.trace_context);
  values.nulls[kOrderKeys] = event.order_keys == nullptr;
  if (event.order_keys)
    values.datums[kOrderKeys] = FixedArray(INT8OID, event.order_keys, sizeof(uint64), event.definition_count);
  ExecClearTuple(row);
  memcpy(row->tts_values, values.datums, sizeof(Datum) * row->tts_tupleDescriptor->natts);
  memcpy(row->tts_isnull, values.nulls, sizeof(bool) * row->tts_tupleDescriptor->natts);
  ExecStoreVirtualTuple(row);
}

void OnTransaction(XactEvent event, void*) {
  if (event == XACT_EVENT_COMMIT && appended)
    if (const shared::DatabaseSlot* slot = shared::FindSlot()) shared::RingForEvents(*slot);
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
