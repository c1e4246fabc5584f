#include "outbox/reader.hpp"

#include <algorithm>

#include "event/old_row.hpp"
#include "outbox/columns.hpp"
#include "outbox/ordered_index.hpp"
#include "settings/settings.hpp"

extern "C" {
#include <access/detoast.h>
#include <storage/bufmgr.h>
#include <utils/array.h>
#include <utils/xid8.h>
}

namespace threefactor::outbox {

struct Source {
  Relation table;
  Relation index;
  IndexScanDesc scan;
  TupleTableSlot* slot;
  bool has_row;
  uint64 xid;
  int64 position;
};

namespace {

void Advance(Source& source) {
  source.has_row = index_getnext_slot(source.scan, ForwardScanDirection, source.slot);
  if (!source.has_row) return;
  bool null;
  source.xid = U64FromFullTransactionId(DatumGetFullTransactionId(slot_getattr(source.slot, kXid + 1, &null)));
  source.position = DatumGetInt64(slot_getattr(source.slot, kPosition + 1, &null));
}

bool Before(const Source& a, const Source& b) {
  return a.xid != b.xid ? a.xid < b.xid : a.position < b.position;
}

Datum XidDatum(uint64 xid) {
  return FullTransactionIdGetDatum(FullTransactionIdFromU64(xid));
}

// The elements of a one-dimensional array without nulls; their number is 0 where it is anything else.
template <typename T>
const T* Elements(Datum value, int* count) {
  ArrayType* array = DatumGetArrayTypeP(value);
  const bool plain = ARR_NDIM(array) == 1 && !ARR_HASNULL(array);
  *count = plain ? ARR_DIMS(array)[0] : 0;
  return plain ? reinterpret_cast<const T*>(ARR_DATA_PTR(array)) : nullptr;
}

Row PlaceOf(const Datum* values, const bool* nulls) {
  Row row = {};
  row.xid = U64FromFullTransactionId(DatumGetFullTransactionId(values[kXid]));
  row.position = DatumGetInt64(values[kPosition]);
  memcpy(row.event_id.data(), DatumGetUUIDP(values[kEventId])->data, UUID_LEN);
  row.created_at = DatumGetTimestampTz(values[kCreatedAt]);
  row.definitions = Elements<int32>(values[kDefinitions], &row.definition_count);
  if (!nulls[kOrderKeys]) {
    int key_count = 0;
    row.order_keys = Elements<uint64>(values[kOrderKeys], &key_count);
    if (key_count != row.definition_count) row.order_keys = nullptr;
  }
  return row;
}

void AddTexts(Row* row, const Datum* values, const bool* nulls) {
  const auto optional_text = [&](int column) { return nulls[column] ? std::string_view() : pg::Utf8(values[column]); };
  row->operation = pg::Utf8(values[kOperation]);
  row->table_schema = optional_text(kTableSchema);
  row->table_name = optional_text(kTableName);
  Size size = 0;
  for (const Column column : {kOldRow, kNewRow, kSessionVariables, kTraceContext})
    if (!nulls[column]) size += toast_raw_datum_size(values[column]);  // not fetched yet
  if (size > MostEventBytes()) {
    row->too_large = size;
    return;
  }
  row->new_row = optional_text(kNewRow);
  row->old_row = WholeOldRow(optional_text(kOldRow), row->new_row);
  row->session_variables = optional_text(kSessionVariables);
  row->trace_context = optional_text(kTraceContext);
}

}  // namespace

Size MostEventBytes() {
  constexpr Size kWithoutOwnSize = 64 * 1024;  // session variables and the like
  return Max(static_cast<Size>(settings::worker_memory) * 1024 * 1024 / 8,
             static_cast<Size>(settings::max_payload_size) * 1024) +
         kWithoutOwnSize;
}

std::string_view WholeOldRow(std::string_view differing, std::string_view new_row) {
  if (!differing.data() || !new_row.data()) return differing;
  auto* const whole =
      static_cast<char*>(MemoryContextAllocHuge(CurrentMemoryContext, differing.size() + new_row.size()));
  return {whole, threefactor::WholeOldRow(differing, new_row, whole)};
}

Row RowOf(const Datum* values, const bool* nulls) {
  Row row = PlaceOf(values, nulls);
  AddTexts(&row, values, nulls);
  return row;
}

void Reader::Begin(const Partition* partitions, int count) {
  row_context_ = AllocSetContextCreate(CurrentMemoryContext, "outbox row", ALLOCSET_DEFAULT_SIZES);
  sources_ = static_cast<Source*>(palloc0(sizeof(Source) * Max(count, 1)));
  count_ = 0;
  given_ = nullptr;
  for (int i = 0; i < count; i++) {
    const Relation table = table_open(partitions[i].table, AccessShareLock);
    if (RelationGetNumberOfBlocks(table) == 0) {
      table_close(table, AccessShareLock);
      continue;
    }
    Source& source = sources_[count_++];
    source.table = table;
    source.index = OpenOrderedIndex(table, kXid + 1, kPosition + 1);
    source.slot = table_slot_create(table, nullptr);
    source.scan = index_beginscan(table, source.index, GetActiveSnapshot(), 2, 0);
  }
}

void Reader::Seek(const Segment& segment) {
  ScanKeyData keys[2];
  if (segment.after_position) {
    ScanKeyInit(&keys[0], 1, BTEqualStrategyNumber, F_XID8EQ, XidDatum(segment.first_xid));
    ScanKeyInit(&keys[1], 2, BTGreaterStrategyNumber, F_INT8GT, Int64GetDatum(*segment.after_position));
  } else {
    ScanKeyInit(&keys[0], 1, BTGreaterEqualStrategyNumber, F_XID8GE, XidDatum(segment.first_xid));
    ScanKeyInit(&keys[1], 1, BTLessEqualStrategyNumber, F_XID8LE, XidDatum(segment.last_xid));
  }
  for (int i = 0; i < count_; i++) {
    index_rescan(sources_[i].scan, keys, 2, nullptr, 0);
    Advance(sources_[i]);
  }
  given_ = nullptr;
}

bool Reader::Step() {
  if (given_) Advance(*given_);
  given_ = nullptr;
  for (int i = 0; i < count_; i++)
    if (sources_[i].has_row && (!given_ || Before(sources_[i], *given_))) given_ = &sources_[i];
  if (!given_) return false;
  MemoryContextReset(row_context_);
  slot_getallattrs(given_->slot);
  return true;
}

bool Reader::Next(Row* row) {
  if (!NextPlace(row)) return false;
  Complete(row);
  return true;
}

bool Reader::NextPlace(Row* row) {
  if (!Step()) return false;
  const MemoryContext caller = MemoryContextSwitchTo(row_context_);
  *row = PlaceOf(given_->slot->tts_values, given_->slot->tts_isnull);
  MemoryContextSwitchTo(caller);
  return true;
}

void Reader::Complete(Row* row) {
  const MemoryContext caller = MemoryContextSwitchTo(row_context_);
  AddTexts(row, given_->slot->tts_values, given_->slot->tts_isnull);
  MemoryContextSwitchTo(caller);
}

double Reader::BlocksLeft() const {
  double blocks = 0;
  for (int i = 0; i < count_; i++)
    if (sources_[i].has_row)
      blocks += static_cast<double>(RelationGetNumberOfBlocks(sources_[i].table)) -
                ItemPointerGetBlockNumber(&sources_[i].slot->tts_tid);
  return blocks;
}

void Reader::End() {
  for (int i = 0; i < count_; i++) {
    index_endscan(sources_[i].scan);
    ExecDropSingleTupleTableSlot(sources_[i].slot);
    index_close(sources_[i].index, AccessShareLock);
    table_close(sources_[i].table, AccessShareLock);
  }
  MemoryContextDelete(row_context_);
}

std::shared_ptr<const Event> MakeEvent(const Row& row) {
  const auto optional_text = [](std::string_view text) { return text.data() ? OptionalText(text) : std::nullopt; };
  auto event = std::make_shared<Event>();
  event->order = {row.xid, row.position};
  event->id = row.event_id;
  event->created_at = row.created_at;
  event->operation = row.operation;
  event->table_schema = optional_text(row.table_schema);
  event->table_name = optional_text(row.table_name);
  event->old_row = optional_text(row.old_row);
  event->new_row = optional_text(row.new_row);
  event->session_variables = optional_text(row.session_variables);
  event->trace_context = optional_text(row.trace_context);
  if (row.too_large > 0)
    event->problem = "the event has " + std::to_string(row.too_large) +
                     " bytes of data, more than max_payload_size and an eighth of worker_memory";
  return event;
}

}  // namespace threefactor::outbox
