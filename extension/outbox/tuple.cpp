#include "outbox/tuple.hpp"

#include <string_view>

#include "outbox/columns.hpp"

extern "C" {
#include <utils/array.h>
}

namespace threefactor::outbox {

namespace {

constexpr Oid kTypes[kColumnCount] = {INT2OID, XID8OID, INT8OID, UUIDOID, TIMESTAMPTZOID, INT4ARRAYOID, TEXTOID,
                                      TEXTOID, TEXTOID, JSONOID, JSONOID, JSONOID,        JSONOID,      INT8ARRAYOID};
constexpr Size kPlaceSize = 64;  // at least that of the columns up to created_at, with their padding
constexpr Size kLargestPadding = MAXIMUM_ALIGNOF;

std::string_view OperationName(Operation operation) {
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

// What an array without nulls begins with, after its length.
struct ArrayStart {
  int32 dimensions;
  int32 data_offset;
  Oid element_type;
  int32 count;  // this and the next are missing when there are no elements
  int32 lower_bound;
};
static_assert(VARHDRSZ + sizeof(ArrayStart) == ARR_OVERHEAD_NONULLS(1));
static_assert(VARHDRSZ + offsetof(ArrayStart, count) == ARR_OVERHEAD_NONULLS(0));

// Appends one column after the other (heap_fill_tuple is Postgres' own).
class TupleWriter {
 public:
  explicit TupleWriter(HeapTupleHeader header) : header_(header) {}

  template <typename T>
  void Fixed(T value) {
    Align(sizeof value);
    Bytes(&value, sizeof value);
    Present();
  }
  void Uuid(const pg_uuid_t& id) {
    Bytes(id.data, UUID_LEN);
    Present();
  }
  void Null() { column_++; }
  void Text(const text* value) {
    if (!value) return Null();
    Varlena(VARSIZE(value) - VARHDRSZ, sizeof(int32));
    Bytes(VARDATA(value), VARSIZE(value) - VARHDRSZ);
  }
  void Text(std::string_view value) {
    Varlena(value.size(), sizeof(int32));
    Bytes(value.data(), value.size());
  }
  template <typename T>
  void Elements(Oid type, const T* elements, int count) {
    const ArrayStart start = {count > 0 ? 1 : 0, 0, type, count, 1};
    const Size start_size = count > 0 ? sizeof start : offsetof(ArrayStart, count);
    Varlena(start_size + sizeof(T) * count, sizeof(T));
    Bytes(&start, start_size);
    Bytes(elements, sizeof(T) * count);
  }

  Size size() const { return size_; }

 private:
  // The header of a value, in one byte where that is enough. The value itself is the caller's to append.
  void Varlena(Size size, Size alignment) {
    if (size + VARHDRSZ_SHORT <= VARATT_SHORT_MAX) {
      SET_VARSIZE_SHORT(end(), size + VARHDRSZ_SHORT);
      size_ += VARHDRSZ_SHORT;
    } else {
      Align(alignment);
      SET_VARSIZE(end(), size + VARHDRSZ);
      size_ += VARHDRSZ;
    }
    Present();
  }
  void Present() {
    header_->t_bits[column_ / 8] |= 1 << (column_ % 8);
    column_++;
  }
  void Align(Size alignment) {
    for (; size_ % alignment != 0; size_++) *end() = 0;
  }
  void Bytes(const void* data, Size size) {
    memcpy(end(), data, size);
    size_ += size;
  }
  char* end() { return reinterpret_cast<char*>(header_) + header_->t_hoff + size_; }

  HeapTupleHeader header_;
  int column_ = 0;
  Size size_ = 0;  // without the header
};

Size Bound(const text* value) {
  return value ? VARSIZE(value) + kLargestPadding : 0;
}

}  // namespace

bool IsOutbox(TupleDesc descriptor) {
  if (descriptor->natts < kColumnsOfFirstVersion || descriptor->natts > kColumnCount) return false;
  for (int i = 0; i < descriptor->natts; i++)
    if (TupleDescAttr(descriptor, i)->atttypid != kTypes[i]) return false;
  return true;
}

HeapTuple FormTuple(int columns, int partition, FullTransactionId xid, const NewEvent& event) {
  constexpr Size kElementSize = sizeof(int32) + sizeof(uint64);  // of both arrays
  const Size header = MAXALIGN(SizeofHeapTupleHeader + BITMAPLEN(kColumnCount));
  const Size bound = HEAPTUPLESIZE + header + kPlaceSize + 2 * (VARHDRSZ + sizeof(ArrayStart) + kLargestPadding) +
                     kElementSize * event.definition_count + NAMEDATALEN + Bound(event.table_schema) +
                     Bound(event.table_name) + Bound(event.old_row) + Bound(event.new_row) +
                     Bound(event.session_variables) + Bound(event.trace_context);
  auto* tuple = static_cast<HeapTuple>(palloc(bound));
  memset(tuple, 0, HEAPTUPLESIZE + header);
  ItemPointerSetInvalid(&tuple->t_self);
  tuple->t_tableOid = InvalidOid;
  tuple->t_data = reinterpret_cast<HeapTupleHeader>(reinterpret_cast<char*>(tuple) + HEAPTUPLESIZE);
  tuple->t_data->t_hoff = header;
  tuple->t_data->t_infomask = HEAP_HASNULL | HEAP_HASVARWIDTH;
  HeapTupleHeaderSetNatts(tuple->t_data, columns);
  ItemPointerSetInvalid(&tuple->t_data->t_ctid);

  TupleWriter writer(tuple->t_data);
  writer.Fixed(static_cast<int16>(partition));
  writer.Fixed(U64FromFullTransactionId(xid));
  writer.Fixed(event.position);
  writer.Uuid(event.event_id);
  writer.Fixed(event.created_at);
  writer.Elements(INT4OID, event.definitions, event.definition_count);
  writer.Text(OperationName(event.operation));
  writer.Text(event.table_schema);
  writer.Text(event.table_name);
  writer.Text(event.old_row);
  writer.Text(event.new_row);
  writer.Text(event.session_variables);
  writer.Text(event.trace_context);
  if (columns > kOrderKeys && event.order_keys) writer.Elements(INT8OID, event.order_keys, event.definition_count);
  tuple->t_len = static_cast<uint32>(header + writer.size());
  return tuple;
}

}  // namespace threefactor::outbox
