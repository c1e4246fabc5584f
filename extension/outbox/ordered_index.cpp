#include "outbox/ordered_index.hpp"

extern "C" {
#include <catalog/pg_am.h>
#include <catalog/pg_index.h>
#include <utils/syscache.h>
}

namespace threefactor::outbox {

namespace {

bool HasAllRows(Oid index, AttrNumber first, AttrNumber second) {
  const HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
  if (!HeapTupleIsValid(tuple)) return false;
  const auto* const row = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
  const bool has_all = row->indisvalid && heap_attisnull(tuple, Anum_pg_index_indpred, nullptr) &&
                       row->indkey.values[0] == first &&
                       (second == 0 || (row->indnkeyatts > 1 && row->indkey.values[1] == second));
  ReleaseSysCache(tuple);
  return has_all;
}

bool IsAscending(Relation index, AttrNumber second) {
  return index->rd_rel->relam == BTREE_AM_OID && index->rd_indoption[0] == 0 &&
         (second == 0 || index->rd_indoption[1] == 0);
}

}  // namespace

Relation OpenOrderedIndex(Relation table, AttrNumber first, AttrNumber second) {
  ListCell* cell;
  foreach (cell, RelationGetIndexList(table)) {
    if (!HasAllRows(lfirst_oid(cell), first, second)) continue;
    const Relation index = index_open(lfirst_oid(cell), AccessShareLock);
    if (IsAscending(index, second)) return index;
    index_close(index, AccessShareLock);
  }
  ereport(ERROR, errcode(ERRCODE_UNDEFINED_OBJECT),
          errmsg("table \"%s\" of threefactor has lost the index on its column \"%s\"", RelationGetRelationName(table),
                 get_attname(RelationGetRelid(table), first, false)),
          errhint("Make it again, as the extension made it."));
  pg_unreachable();
}

}  // namespace threefactor::outbox
