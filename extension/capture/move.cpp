#include "capture/move.hpp"

#include "capture/arguments.hpp"
#include "capture/changed.hpp"

extern "C" {
#include <access/tupconvert.h>
#include <catalog/pg_trigger.h>
#include <nodes/makefuncs.h>
#include <optimizer/optimizer.h>
#include <rewrite/prs2lock.h>
#include <rewrite/rewriteManip.h>
}

namespace threefactor::capture {

namespace {

// The row that left a partition last, until its statement ends. Triggers that fire between may run statements that move
// rows.
struct Leaving {
  Leaving* outer;
  MemoryContext memory;  // holds this
  int depth;             // of triggers
  Oid root;
  Oid relation;
  ItemPointerData place;
  TupleTableSlot* row;  // as a row of the root
  Oid new_relation;     // InvalidOid: it has not arrived yet
  ItemPointerData new_place;
};

Leaving* innermost = nullptr;

int TriggerDepth() {
  return DatumGetInt32(pg_trigger_depth(nullptr));
}

bool SamePlace(Oid relation, const ItemPointerData& place, Oid other_relation, const ItemPointerData& other) {
  return relation == other_relation &&
         ItemPointerEquals(const_cast<ItemPointerData*>(&place), const_cast<ItemPointerData*>(&other));
}

void Forget() {
  Leaving* const leaving = innermost;
  innermost = leaving->outer;
  MemoryContextDelete(leaving->memory);
}

// The row of `root` that has left in the run of triggers that goes on now; null: none.
Leaving* FindLeaving(Oid root) {
  return innermost && innermost->root == root && innermost->depth == TriggerDepth() ? innermost : nullptr;
}

// True for the first INSERT after a row has left, and for what else fires for that same row.
bool Arrives(Leaving& leaving, const Change& change) {
  if (!OidIsValid(leaving.new_relation)) {
    leaving.new_relation = change.relation;
    leaving.new_place = change.new_place;
  }
  return SamePlace(leaving.new_relation, leaving.new_place, change.relation, change.new_place);
}

// In the current memory context.
TupleTableSlot* AsRowOfRoot(const Source& source, TupleTableSlot* row) {
  TupleTableSlot* const result = MakeSingleTupleTableSlot(source.partition->root_descriptor, &TTSOpsVirtual);
  if (source.partition->to_root) return execute_attr_map_slot(source.partition->to_root, row, result);
  return ExecCopySlot(result, row);
}

// In a copy: the relation's own may change while it is looked at.
const Trigger* FindUpdateTrigger(Relation root, Oid function, int32 definition) {
  const TriggerDesc* const triggers = CopyTriggerDesc(root->trigdesc);
  for (int i = 0; triggers && i < triggers->numtriggers; i++) {
    const Trigger& trigger = triggers->triggers[i];
    if (trigger.tgfoid == function && TRIGGER_FOR_UPDATE(trigger.tgtype) &&
        ParseArguments(trigger).definition == definition)
      return &trigger;
  }
  return nullptr;
}

// As the executor does with a WHEN clause.
bool Holds(const char* condition, TupleTableSlot* old_row, TupleTableSlot* new_row) {
  if (!condition) return true;
  EState* const state = CreateExecutorState();
  const MemoryContext caller = MemoryContextSwitchTo(state->es_query_cxt);
  auto* const expression = static_cast<Node*>(stringToNode(condition));
  ChangeVarNodes(expression, PRS2_OLD_VARNO, INNER_VAR, 0);
  ChangeVarNodes(expression, PRS2_NEW_VARNO, OUTER_VAR, 0);
  ExprContext* const context = GetPerTupleExprContext(state);
  context->ecxt_innertuple = old_row;
  context->ecxt_outertuple = new_row;
  const bool holds = ExecQual(ExecPrepareQual(make_ands_implicit(reinterpret_cast<Expr*>(expression)), state), context);
  MemoryContextSwitchTo(caller);
  FreeExecutorState(state);
  return holds;
}

}  // namespace

Part PartOfMove(const Source& source, const Change& change, HeapTupleHeader old_version) {
  if (!source.partition) return Part::kNone;
  if (change.operation == outbox::Operation::kDelete)
    return HeapTupleHeaderIndicatesMovedPartitions(old_version) ? Part::kLeaving : Part::kNone;
  Leaving* const leaving = change.operation == outbox::Operation::kInsert ? FindLeaving(source.root) : nullptr;
  if (!leaving) return Part::kNone;
  if (Arrives(*leaving, change)) return Part::kArriving;
  Forget();
  return Part::kNone;
}

void RememberLeaving(const Source& source, const Change& change) {
  const int depth = TriggerDepth();
  if (innermost && innermost->depth == depth) {
    if (SamePlace(innermost->relation, innermost->place, change.relation, change.old_place)) return;
    Forget();
  }
  const MemoryContext memory = AllocSetContextCreate(TopMemoryContext, "threefactor move", ALLOCSET_SMALL_SIZES);
  const MemoryContext caller = MemoryContextSwitchTo(memory);
  auto* const leaving = static_cast<Leaving*>(palloc0(sizeof(Leaving)));
  leaving->outer = innermost;
  leaving->memory = memory;
  leaving->depth = depth;
  leaving->root = source.root;
  leaving->relation = change.relation;
  leaving->place = change.old_place;
  leaving->row = AsRowOfRoot(source, change.old_row);
  ExecMaterializeSlot(leaving->row);
  MemoryContextSwitchTo(caller);
  innermost = leaving;
}

void Arrive(const Source& source, const Change& change) {
  const Relation root = table_open(source.root, AccessShareLock);
  if (const Trigger* trigger = FindUpdateTrigger(root, source.function, source.definition)) {
    Source& root_source = FindSource(root, *trigger);
    Change update = {};
    update.operation = outbox::Operation::kUpdate;
    update.relation = source.root;
    update.old_place = innermost->place;
    update.new_place = change.new_place;
    update.old_row = innermost->row;
    update.new_row = AsRowOfRoot(source, change.new_row);
    update.differing = DifferingColumns(update.old_row, update.new_row);
    if (Holds(trigger->tgqual, update.old_row, update.new_row) &&
        HasChanged(update.old_row, update.new_row, update.differing, root_source.columns))
      Buffer(root_source, update);
  }
  table_close(root, NoLock);
}

void ForgetMoves() {
  const int depth = TriggerDepth();
  while (innermost && innermost->depth > depth) Forget();
}

}  // namespace threefactor::capture
