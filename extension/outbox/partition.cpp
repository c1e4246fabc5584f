#include "outbox/partition.hpp"

#include "outbox/tuple.hpp"

extern "C" {
#include <catalog/index.h>
#include <catalog/pg_am.h>
#include <storage/bufmgr.h>
#include <storage/smgr.h>
#include <utils/inval.h>
}

namespace threefactor::outbox {

namespace {

// Of the partition that was written last. The slots have a descriptor of their own, which needs no reference counting.
struct Known {
  int number;
  Oid table;
  bool changed;  // since it was described, or meanwhile
  bool lasts;    // the description is whole, and serves more than one Append
  MemoryContext memory;
  TupleTableSlot* rows[kRowsAtOnce];
  EState* state;          // for index entries
  ResultRelInfo* target;  // the indexes; its relations are open only from OpenForWriting to Close
  Oid* indexes;           // as many as target->ri_NumIndices
};

Known known;

void OnRelationChanged(Datum, Oid relation) {
  if (relation == InvalidOid || relation == known.table) known.changed = true;
}

Oid FindPartition(int number) {
  const Oid schema = get_namespace_oid("threefactor", true);
  char name[NAMEDATALEN];
  pg_snprintf(name, sizeof name, "outbox_%d", number);
  return OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;
}

// Other methods keep pointers into the open index (ii_AmCache), and expressions the state of the functions they call.
bool Lasts(Relation index, const IndexInfo* info) {
  return index->rd_rel->relam == BTREE_AM_OID && !info->ii_Expressions && !info->ii_Predicate;
}

// In the current memory context. False when it does not last.
bool DescribeIndexes(Relation table) {
  ResultRelInfo* const target = makeNode(ResultRelInfo);
  InitResultRelInfo(target, table, 1, nullptr, 0);
  List* const indexes = RelationGetIndexList(table);
  const int count = list_length(indexes);
  known.indexes = static_cast<Oid*>(palloc(sizeof(Oid) * count));
  target->ri_IndexRelationDescs = static_cast<RelationPtr>(palloc(sizeof(Relation) * count));
  target->ri_IndexRelationInfo = static_cast<IndexInfo**>(palloc(sizeof(IndexInfo*) * count));
  bool last = true;
  ListCell* cell;
  foreach (cell, indexes) {
    const Relation index = index_open(lfirst_oid(cell), RowExclusiveLock);
    IndexInfo* const info = BuildIndexInfo(index);
    last = last && Lasts(index, info);
    known.indexes[target->ri_NumIndices] = lfirst_oid(cell);
    target->ri_IndexRelationInfo[target->ri_NumIndices++] = info;
    index_close(index, NoLock);
  }
  known.target = target;
  return last;
}

// What other sessions do to the table in the meantime is not missed: it is looked for from here on.
void Describe(Relation table, int number) {
  known.number = number;
  known.table = RelationGetRelid(table);
  known.changed = known.lasts = false;
  if (!known.memory) {
    known.memory = AllocSetContextCreate(TopMemoryContext, "threefactor outbox", ALLOCSET_DEFAULT_SIZES);
    CacheRegisterRelcacheCallback(OnRelationChanged, 0);
  }
  MemoryContextReset(known.memory);
  const MemoryContext caller = MemoryContextSwitchTo(known.memory);
  const TupleDesc descriptor = CreateTupleDescCopy(RelationGetDescr(table));
  for (TupleTableSlot*& row : known.rows) row = MakeSingleTupleTableSlot(descriptor, &TTSOpsHeapTuple);
  known.state = CreateExecutorState();
  known.lasts = DescribeIndexes(table);
  MemoryContextSwitchTo(caller);
}

// A B-tree keeps in mind which leaf is its last from a height of three levels on; below that each entry would be
// searched for from the root. What is put in mind here is a guess, which nbtree checks before it uses it
// (_bt_search_insert). A page of zeros it would take for damage: one that another backend is about to fill, or that a
// crash left behind. A page that is not new never is again, so that this needs no lock.
void GuessLastLeaf(Relation index) {
  if (index->rd_rel->relam != BTREE_AM_OID || RelationGetTargetBlock(index) != InvalidBlockNumber) return;
  const BlockNumber blocks = RelationGetNumberOfBlocks(index);
  if (blocks <= 1) return;
  const Buffer last = ReadBuffer(index, blocks - 1);
  if (!PageIsNew(BufferGetPage(last))) RelationGetSmgr(index)->smgr_targblock = blocks - 1;
  ReleaseBuffer(last);
}

// As ExecOpenIndices, with its locks: ALTER INDEX ... SET TABLESPACE takes none of the table.
void OpenIndexes(Relation table) {
  known.target->ri_RelationDesc = table;
  for (int i = 0; i < known.target->ri_NumIndices; i++)
    known.target->ri_IndexRelationDescs[i] = index_open(known.indexes[i], RowExclusiveLock);
}

void GuessLastLeaves() {
  for (int i = 0; i < known.target->ri_NumIndices; i++) GuessLastLeaf(known.target->ri_IndexRelationDescs[i]);
}

void CloseIndexes() {
  for (int i = 0; i < known.target->ri_NumIndices; i++) {
    pg::EndIndexInsertion(known.target->ri_IndexRelationDescs[i], known.target->ri_IndexRelationInfo[i]);
    index_close(known.target->ri_IndexRelationDescs[i], NoLock);
  }
}

}  // namespace

OpenPartition OpenForWriting(const shared::DatabaseSlot& slot) {
  int number = static_cast<int>(pg_atomic_read_u32(const_cast<pg_atomic_uint32*>(&slot.rotation)));
  Oid oid = number == known.number && !known.changed ? known.table : InvalidOid;
  if (!OidIsValid(oid)) oid = FindPartition(number);
  if (!OidIsValid(oid)) {
    number = 0;
    oid = FindPartition(0);
  }
  if (!OidIsValid(oid))
    ereport(ERROR, errcode(ERRCODE_UNDEFINED_TABLE), errmsg("the outbox of threefactor is missing"),
            errhint("Drop the extension threefactor and create it again."));
  const Relation table = table_open(oid, RowExclusiveLock);
  if (known.table != oid || known.changed || !known.lasts) {
    if (!IsOutbox(RelationGetDescr(table)))
      ereport(ERROR, errcode(ERRCODE_DATATYPE_MISMATCH),
              errmsg("table \"%s\" is not a partition of the outbox", RelationGetRelationName(table)));
    Describe(table, number);
  }
  OpenIndexes(table);
  return {number, table, known.rows};
}

void Insert(const OpenPartition& partition, int count) {
  const CommandId command = GetCurrentCommandId(true);
  if (count == 1)
    table_tuple_insert(partition.table, partition.rows[0], command, 0, nullptr);
  else
    table_multi_insert(partition.table, partition.rows, count, command, 0, nullptr);
  for (int i = 0; i < count; i++) {
    GuessLastLeaves();
    pg::InsertIndexTuples(known.target, partition.rows[i], known.state);
    ResetPerTupleExprContext(known.state);
  }
}

void Close(const OpenPartition& partition) {
  for (int i = 0; i < kRowsAtOnce && !TTS_EMPTY(partition.rows[i]); i++) ExecClearTuple(partition.rows[i]);
  CloseIndexes();
  table_close(partition.table, NoLock);
}

}  // namespace threefactor::outbox
