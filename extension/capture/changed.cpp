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
  TypeCacheEntry* const type = lookup_type_cache(column->atttypid, TYPECACHE_EQ_OPR_FINFO);
  if (!OidIsValid(type->eq_opr)) return datum_image_eq(a, b, column->attbyval, column->attlen);
  return DatumGetBool(FunctionCall2Coll(&type->eq_opr_finfo, column->attcollation, a, b));
}

}  // namespace

Bitmapset* DifferingColumns(TupleTableSlot* old_row, TupleTableSlot* new_row) {
  slot_getallattrs(old_row);
  slot_getallattrs(new_row);
  const TupleDesc descriptor = new_row->tts_tupleDescriptor;
  Bitmapset* differing = bms_make_singleton(0);
  for (int i = 0; i < descriptor->natts; i++) {
    const Form_pg_attribute column = TupleDescAttr(descriptor, i);
    if (column->attisdropped) continue;
    const bool null = new_row->tts_isnull[i];
    if (old_row->tts_isnull[i] == null && (null || SameBytes(old_row->tts_values[i], new_row->tts_values[i], column)))
      continue;
    differing = bms_add_member(differing, i + 1);
  }
  return differing;
}

bool HasChanged(TupleTableSlot* old_row, TupleTableSlot* new_row, const Bitmapset* differing,
                const Bitmapset* columns) {
  int number = 0;
  while ((number = bms_next_member(differing, number)) > 0) {
    if (columns && !bms_is_member(number, columns)) continue;
    const int i = number - 1;
    if (old_row->tts_isnull[i] || new_row->tts_isnull[i]) return true;
    const Form_pg_attribute column = TupleDescAttr(new_row->tts_tupleDescriptor, i);
    if (!Equal(old_row->tts_values[i], new_row->tts_values[i], column)) return true;
  }
  return false;
}

}  // namespace threefactor::capture
