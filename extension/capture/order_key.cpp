#include "capture/order_key.hpp"

extern "C" {
#include <common/hashfn.h>
#include <utils/typcache.h>
}

namespace threefactor::capture {

struct OrderKey {
  int count;
  struct Column {
    AttrNumber number;
    Oid collation;
    FmgrInfo* hash;  // of the type cache, which never frees it
    bool is_enum;
  } columns[FLEXIBLE_ARRAY_MEMBER];
};

namespace {

constexpr uint64 kSeed = 0x7468726565666163;
constexpr uint64 kNull = 1;

FmgrInfo* FindHash(Oid type) {
  TypeCacheEntry* const entry = lookup_type_cache(type, TYPECACHE_HASH_EXTENDED_PROC_FINFO);
  return OidIsValid(entry->hash_extended_proc_finfo.fn_oid) ? &entry->hash_extended_proc_finfo : nullptr;
}

}  // namespace

bool IsHashable(Oid type) {
  return FindHash(type) != nullptr;
}

OrderKey* DescribeOrderKey(Relation relation, const Names& columns) {
  if (columns.count == 0) return nullptr;
  auto* key = static_cast<OrderKey*>(palloc0(offsetof(OrderKey, columns) + sizeof(OrderKey::Column) * columns.count));
  for (int i = 0; i < columns.count; i++) {
    const AttrNumber number = get_attnum(RelationGetRelid(relation), columns.first[i]);
    if (number <= 0) continue;
    const Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation), number - 1);
    if (FmgrInfo* hash = FindHash(attribute->atttypid))
      key->columns[key->count++] = {number, attribute->attcollation, hash,
                                    type_is_enum(getBaseType(attribute->atttypid))};
  }
  return key;
}

namespace {

// By its label: the numbers of an enum's values, which its own function hashes, are others in a restored dump, and
// there what came with it must meet what is captured.
uint64 HashOfEnum(Datum value) {
  char* const label = OidOutputFunctionCall(F_ENUM_OUT, value);
  const Datum hash = hash_any_extended(reinterpret_cast<unsigned char*>(label), static_cast<int>(strlen(label)), 0);
  pfree(label);
  return DatumGetUInt64(hash);
}

uint64 HashOf(const OrderKey::Column& column, Datum value) {
  if (column.is_enum) return HashOfEnum(value);
  return DatumGetUInt64(FunctionCall2Coll(column.hash, column.collation, value, UInt64GetDatum(0)));
}

}  // namespace

uint64 KeyOf(const OrderKey& key, TupleTableSlot* row) {
  uint64 result = kSeed;
  for (int i = 0; i < key.count; i++) {
    const OrderKey::Column& column = key.columns[i];
    bool null = false;
    const Datum value = slot_getattr(row, column.number, &null);
    result = hash_combine64(result, null ? kNull : HashOf(column, value));
  }
  return result == 0 ? kSeed : result;
}

}  // namespace threefactor::capture
