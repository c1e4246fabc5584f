#include "outbox/partition.hpp"

#include "outbox/columns.hpp"

extern "C" {
#include <catalog/index.h>
#include <utils/inval.h>
}

namespace threefactor::outbox {

namespace {

// Of the partition that was written last. The slots have a descriptor of their own, which needs no reference counting.
struct Known {
  int number;
  Oid table;  // InvalidOid: to be found again
  MemoryContext memory;
  TupleTableSlot* rows[kRowsAtOnce];
  EState* state;  // for index entries
};

Known known;

void OnRelationChanged(Datum, Oid relation) {
  if (relation == InvalidOid || relation == known.table) known.table = InvalidOid;
}

Oid FindPartition(int number) {
  const Oid schema = get_namespace_oid("threefactor", true);
  char name[NAMEDATALEN];
  pg_snprintf(name, sizeof name, "outbox_%d", number);
  return OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;
}

void MakeRows(Relation table) {
  if (!known.memory) {
    known.memory = AllocSetContextCreate(TopMemoryContext, "threefactor outbox", ALLOCSET_DEFAULT_SIZES);
    CacheRegisterRelcacheCallback(OnRelationChanged, 0);
  }
  MemoryContextReset(known.memory);
  const MemoryContext caller = MemoryContextSwitchTo(known.memory);
  const TupleDesc descriptor = CreateTupleDescCopy(RelationGetDescr(table));
  for (TupleTableSlot*& row : known.rows) row = MakeSingleTupleTableSlot(descriptor, &TTSOpsVirtual);
  known.state = CreateExecutorState();
  MemoryContextSwitchTo(caller);
}

// As ExecOpenIndices, without locks: that of the table keeps everybody away who would lock an index against writers.
ResultRelInfo* OpenIndexes(Relation table) {
  ResultRelInfo* const target = makeNode(ResultRelInfo);
  InitResultRelInfo(target, table, 1, nullptr, 0);
  List* const indexes = RelationGetIndexList(table);
  const int count = list_length(indexes);
  target->ri_IndexRelationDescs = static_cast<RelationPtr>(palloc(sizeof(Relation) * count));
  target->ri_IndexRelationInfo = static_cast<IndexInfo**>(palloc(sizeof(IndexInfo*) * count));
  ListCell* cell;
  foreach (cell, indexes) {
    const Relation index = index_open(lfirst_oid(cell), NoLock);
    target->ri_IndexRelationInfo[target->ri_NumIndices] = BuildIndexInfo(index);
    target->ri_IndexRelationDescs[target->ri_NumIndices++] = index;
  }
  return target;
}

void CloseIndexes(const ResultRelInfo* target) {
  for (int i = 0; i < target->ri_NumIndices; i++) index_close(target->ri_IndexRelationDescs[i], NoLock);
}

}  // namespace

Partition OpenForWriting(const shared::DatabaseSlot& slot) {
  int number = static_cast<int>(pg_atomic_read_u32(const_cast<pg_atomic_uint32*>(&slot.rotation)));
  Oid oid = number == known.number ? known.table : InvalidOid;
  if (!OidIsValid(oid)) oid = FindPartition(number);
  if (!OidIsValid(oid)) {
    number = 0;
    oid = FindPartition(0);
  }
  if (!OidIsValid(oid))
    ereport(ERROR, errcode(ERRCODE_UNDEFINED_TABLE), errmsg("the outbox of threefactor is missing"),
            errhint("Drop the extension threefactor and create it again."));
  const Relation table = table_open(oid, RowExclusiveLock);
  if (RelationGetNumberOfAttributes(table) < kColumnsOfFirstVersion ||
      RelationGetNumberOfAttributes(table) > kColumnCount)
    ereport(ERROR, errcode(ERRCODE_DATATYPE_MISMATCH),
            errmsg("table \"%s\" is not a partition of the outbox", RelationGetRelationName(table)));
  if (known.table != oid) {
    known.table = InvalidOid;
    MakeRows(table);
    known.number = number;
    known.table = oid;
  }
  return {number, table, known.rows};
}

void Insert(const Partition& partition, int count) {
  const CommandId command = GetCurrentCommandId(true);
  if (count == 1)
    table_tuple_insert(partition.table, partition.rows[0], command, 0, nullptr);
  else
    table_multi_insert(partition.table, partition.rows, count, command, 0, nullptr);
  ResultRelInfo* const target = OpenIndexes(partition.table);
  for (int i = 0; i < count; i++) {
    (void)ExecInsertIndexTuples(target, partition.rows[i], known.state, false, false, nullptr, NIL);
    ResetPerTupleExprContext(known.state);
  }
  CloseIndexes(target);
}

void Close(const Partition& partition) {
  for (int i = 0; i < kRowsAtOnce && !TTS_EMPTY(partition.rows[i]); i++) ExecClearTuple(partition.rows[i]);
  table_close(partition.table, NoLock);
}

}  // namespace threefactor::outbox
