#include "capture/changed.hpp"

extern "C" {
#include <utils/datum.h>
#include <utils/typcache.h>
}

namespace threefactor::capture {

namespace {

// As stored: true for most values that an UPDATE leaves alone, also for those that are stored elsewhere (TOAST).
bool SameBytes(Datum a, Datum b, Form_pg_attribute column) {
  if (column->attbyval) return a == b;
  if (column->attlen > 0) return memcmp(DatumGetPointer(a), DatumGetPointer(b), column->attlen) == 0;
  if (column->attlen != -1) return strcmp(DatumGetCString(a), DatumGetCString(b)) == 0;
  const Size size = VARSIZE_ANY(DatumGetPointer(a));
  return size == VARSIZE_ANY(DatumGetPointer(b)) && memcmp(DatumGetPointer(a), DatumGetPointer(b), size) == 0;
}

bool Equal(Datum a, Datum b, Form_pg_attribute column) {
  if (SameBytes(a, b, column)) return true;
  TypeCacheEntry* const type = lookup_type_cache(column->atttypid, TYPECACHE_EQ_OPR_FINFO);
  if (!OidIsValid(type->eq_opr)) return datum_image_eq(a, b, column->attbyval, column->attlen);
  return DatumGetBool(FunctionCall2Coll(&type->eq_opr_finfo, column->attcollation, a, b));
}

}  // namespace

bool HasChanged(TupleTableSlot* old_row, TupleTableSlot* new_row, const Bitmapset* columns) {
  slot_getallattrs(old_row);
  slot_getallattrs(new_row);
  const TupleDesc descriptor = new_row->tts_tupleDescriptor;
  for (int i = 0; i < descriptor->natts; i++) {
    const Form_pg_attribute column = TupleDescAttr(descriptor, i);
    if (column->attisdropped || (columns && !bms_is_member(i + 1, columns))) continue;
    if (old_row->tts_isnull[i] != new_row->tts_isnull[i]) return true;
    if (!new_row->tts_isnull[i] && !Equal(old_row->tts_values[i], new_row->tts_values[i], column)) return true;
  }
  return false;
}

}  // namespace threefactor::capture
