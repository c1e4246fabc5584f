// threefactor_private.enum_values: the rows of an enum table. The gateway calls it whenever it reads the catalog, with
// its own rights, for tables of others: so it evaluates nothing that these can define. The table is read as stored,
// without a statement: no view, foreign table, policy, cast, operator or function takes part.
#include <initializer_list>

#include "json/json_text.hpp"
#include "rights/caller.hpp"

extern "C" {
#include <access/attmap.h>
#include <catalog/pg_index.h>
#include <catalog/pg_inherits.h>
#include <utils/acl.h>
#include <utils/rls.h>
#include <utils/syscache.h>
}

namespace threefactor::json {
namespace {

using json::JsonText;

constexpr int kMostValues = 10000;
constexpr int kMostBytes = 4 * 1024 * 1024;

struct EnumColumns {
  AttrNumber key;          // 0: the table is not fit
  AttrNumber description;  // 0: there is none
};

// The only column of the primary key; 0: it has none, or more.
AttrNumber KeyColumn(Relation table) {
  AttrNumber key = 0;
  ListCell* cell;
  foreach (cell, RelationGetIndexList(table)) {
    const HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
    if (!HeapTupleIsValid(tuple)) continue;
    const auto* const index = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
    if (index->indisprimary && index->indnkeyatts == 1) key = index->indkey.values[0];
    ReleaseSysCache(tuple);
  }
  return key;
}

bool IsText(Oid type) {
  return type == TEXTOID || type == VARCHAROID;  // not domains over them
}

EnumColumns FindColumns(Relation table) {
  EnumColumns found = {KeyColumn(table), 0};
  int others = 0;
  for (int i = 0; i < RelationGetDescr(table)->natts; i++) {
    const Form_pg_attribute column = TupleDescAttr(RelationGetDescr(table), i);
    if (column->attisdropped) continue;
    if (!IsText(column->atttypid)) return {};
    if (column->attnum == found.key) continue;
    found.description = column->attnum;
    others++;
  }
  return others > 1 ? EnumColumns{} : found;
}

// What a SELECT of the caller would be checked for. Where a policy would decide, nothing is read.
bool MayRead(Relation table, const EnumColumns& columns) {
  const Oid caller = rights::Caller();
  const Oid relation = RelationGetRelid(table);
  if (pg_namespace_aclcheck(RelationGetNamespace(table), caller, ACL_USAGE) != ACLCHECK_OK) return false;
  if (check_enable_rls(relation, caller, true) == RLS_ENABLED) return false;
  if (pg_class_aclcheck(relation, caller, ACL_SELECT) == ACLCHECK_OK) return true;
  for (const AttrNumber column : {columns.key, columns.description})
    if (column != 0 && pg_attribute_aclcheck(relation, column, caller, ACL_SELECT) != ACLCHECK_OK) return false;
  return true;
}

// Whether Postgres alone stores the rows: also partitions and children must be tables.
bool IsStored(Relation table) {
  const char kind = table->rd_rel->relkind;
  return (kind == RELKIND_RELATION || kind == RELKIND_PARTITIONED_TABLE) &&
         table->rd_rel->relpersistence != RELPERSISTENCE_TEMP;
}

void AppendValue(JsonText& json, TupleTableSlot* row, AttrNumber column) {
  bool null = true;
  const Datum value = column == 0 ? Datum(0) : slot_getattr(row, column, &null);
  if (null) {
    json.QuotedString("", 0);
    return;
  }
  const text* const packed = DatumGetTextPP(value);
  json.QuotedString(VARDATA_ANY(packed), static_cast<int>(VARSIZE_ANY_EXHDR(packed)));
}

// False: there are more values than an enum has.
bool AppendRows(JsonText& json, Relation table, const EnumColumns& columns, int* count) {
  TupleTableSlot* const row = table_slot_create(table, nullptr);
  const TableScanDesc scan = table_beginscan_strat(table, GetActiveSnapshot(), 0, nullptr, true, false);
  while (*count <= kMostValues && json.whole() && table_scan_getnextslot(scan, ForwardScanDirection, row)) {
    CHECK_FOR_INTERRUPTS();
    if ((*count)++ > 0) json.Raw(", ", 2);
    json.Raw('[');
    AppendValue(json, row, columns.key);
    json.Raw(", ", 2);
    AppendValue(json, row, columns.description);
    json.Raw(']');
  }
  table_endscan(scan);
  ExecDropSingleTupleTableSlot(row);
  return *count <= kMostValues && json.whole();
}

// Of a partition or child, whose columns may have other numbers.
EnumColumns ColumnsOf(Relation part, Relation table, const EnumColumns& columns) {
  const auto number = [&](AttrNumber column) -> AttrNumber {
    if (column == 0) return 0;
    return get_attnum(RelationGetRelid(part), NameStr(TupleDescAttr(RelationGetDescr(table), column - 1)->attname));
  };
  return {number(columns.key), number(columns.description)};
}

// Null: the table is not fit.
text* ReadValues(Relation table) {
  if (!IsStored(table)) return nullptr;
  const EnumColumns columns = FindColumns(table);
  if (columns.key == 0 || !MayRead(table, columns)) return nullptr;
  JsonText json(kMostBytes);
  json.Raw('[');
  int count = 0;
  bool fit = true;
  ListCell* cell;
  foreach (cell, find_all_inheritors(RelationGetRelid(table), AccessShareLock, nullptr)) {
    const Relation part = table_open(lfirst_oid(cell), NoLock);
    fit = fit && IsStored(part);
    if (fit && part->rd_rel->relkind == RELKIND_RELATION)
      fit = AppendRows(json, part, ColumnsOf(part, table, columns), &count);
    table_close(part, NoLock);
  }
  json.Raw(']');
  return fit && count > 0 && json.whole() ? json.Finish(CurrentMemoryContext) : nullptr;
}

}  // namespace
}  // namespace threefactor::json

THREEFACTOR_SQL_FUNCTION(threefactor_enum_values);

// (relation regclass) -> json
Datum threefactor_enum_values(PG_FUNCTION_ARGS) {
  const Relation relation = try_relation_open(PG_GETARG_OID(0), AccessShareLock);
  if (!relation) PG_RETURN_NULL();
  text* const values = threefactor::json::ReadValues(relation);
  relation_close(relation, NoLock);
  if (!values) PG_RETURN_NULL();
  PG_RETURN_TEXT_P(values);
}
