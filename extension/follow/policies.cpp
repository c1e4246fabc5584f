#include "follow/policies.hpp"

#include "pg/as_owner.hpp"

extern "C" {
#include <catalog/pg_class.h>
#include <catalog/pg_namespace.h>
#include <catalog/pg_proc.h>
#include <nodes/parsenodes.h>
#include <utils/array.h>
#include <utils/syscache.h>
}

namespace threefactor::follow {

namespace {

ProcessUtility_hook_type next_process_utility = nullptr;

// A function of threefactor_private that takes these types; InvalidOid: the extension is not there, or is being made.
Oid Function(const char* name, const Oid* types, int count) {
  const Oid extension = get_extension_oid("threefactor", true);
  if (!OidIsValid(extension) || (creating_extension && CurrentExtensionObject == extension)) return InvalidOid;
  const Oid schema = get_namespace_oid("threefactor_private", true);
  if (!OidIsValid(schema)) return InvalidOid;
  return GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(name),
                         PointerGetDatum(buildoidvector(types, count)), ObjectIdGetDatum(schema));
}

Oid OwnerOf(Oid function) {
  const HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
  if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for function %u", function);
  const Oid owner = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple))->proowner;
  ReleaseSysCache(tuple);
  return owner;
}

// The table, if it is one that whoever runs the statement may change.
Oid OwnTable(const RangeVar* name) {
  const Oid relation = RangeVarGetRelid(name, NoLock, true);
  if (!OidIsValid(relation)) return InvalidOid;
  const char kind = get_rel_relkind(relation);
  const bool is_table = kind == RELKIND_RELATION || kind == RELKIND_PARTITIONED_TABLE;
  return is_table && pg_class_ownercheck(relation, GetUserId()) ? relation : InvalidOid;
}

// What set_aside_policies gives, in the current context; null: nothing. `columns` null: the table is dropped.
char* SetAside(Oid relation, ArrayType* columns) {
  const Oid types[] = {OIDOID, TEXTARRAYOID};
  const Oid function = OidIsValid(relation) ? Function("set_aside_policies", types, 2) : InvalidOid;
  if (!OidIsValid(function)) return nullptr;
  const MemoryContext outer = CurrentMemoryContext;
  char* aside = nullptr;
  pg::RunAsOwner(OwnerOf(function), [&] {
    if (SPI_connect() != SPI_OK_CONNECT) elog(ERROR, "SPI_connect failed");
    Oid argument_types[] = {OIDOID, TEXTARRAYOID};
    Datum values[] = {ObjectIdGetDatum(relation), PointerGetDatum(columns)};
    const char* const nulls = columns ? "  " : " n";
    if (SPI_execute_with_args("SELECT threefactor_private.set_aside_policies($1, $2)", 2, argument_types, values, nulls,
                              false, 0) != SPI_OK_SELECT)
      elog(ERROR, "threefactor_private.set_aside_policies failed");
    const char* const found = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
    if (found) aside = MemoryContextStrdup(outer, found);
    SPI_finish();
  });
  CommandCounterIncrement();
  return aside;
}

void Restore(const char* aside) {
  const Oid types[] = {TEXTOID};
  const Oid function = Function("restore_policies", types, 1);
  if (!OidIsValid(function)) return;
  pg::RunAsOwner(OwnerOf(function), [aside] {
    if (SPI_connect() != SPI_OK_CONNECT) elog(ERROR, "SPI_connect failed");
    Oid argument_types[] = {TEXTOID};
    Datum values[] = {CStringGetTextDatum(aside)};
    if (SPI_execute_with_args("SELECT threefactor_private.restore_policies($1)", 1, argument_types, values, nullptr,
                              false, 0) != SPI_OK_SELECT)
      elog(ERROR, "threefactor_private.restore_policies failed");
    SPI_finish();
  });
}

List* SetAsideForAlter(const AlterTableStmt* statement) {
  List* names = NIL;
  ListCell* cell;
  foreach (cell, statement->cmds) {
    const auto* const command = static_cast<const AlterTableCmd*>(lfirst(cell));
    if (command->subtype == AT_DropColumn || command->subtype == AT_AlterColumnType)
      names = lappend(names, command->name);
  }
  if (names == NIL) return NIL;
  auto* const columns = static_cast<Datum*>(palloc(sizeof(Datum) * list_length(names)));
  int count = 0;
  foreach (cell, names) columns[count++] = CStringGetTextDatum(static_cast<char*>(lfirst(cell)));
  char* const aside =
      SetAside(OwnTable(statement->relation), construct_array(columns, count, TEXTOID, -1, false, TYPALIGN_INT));
  return aside ? list_make1(aside) : NIL;
}

List* SetAsideForDrop(const DropStmt* statement) {
  List* all = NIL;
  ListCell* cell;
  foreach (cell, statement->objects) {
    const RangeVar* const name = makeRangeVarFromNameList(static_cast<List*>(lfirst(cell)));
    char* const aside = SetAside(OwnTable(name), nullptr);
    if (aside) all = lappend(all, aside);
  }
  return all;
}

void OnUtility(PlannedStmt* statement, const char* text, bool is_shared, ProcessUtilityContext context,
               ParamListInfo parameters, QueryEnvironment* environment, DestReceiver* receiver,
               QueryCompletion* completion) {
  const Node* const node = statement->utilityStmt;
  List* aside = NIL;
  if (IsTransactionState()) {
    if (IsA(node, AlterTableStmt))
      aside = SetAsideForAlter(reinterpret_cast<const AlterTableStmt*>(node));
    else if (IsA(node, DropStmt) && reinterpret_cast<const DropStmt*>(node)->removeType == OBJECT_TABLE)
      aside = SetAsideForDrop(reinterpret_cast<const DropStmt*>(node));
  }
  (next_process_utility ? next_process_utility : standard_ProcessUtility)(
      statement, text, is_shared, context, parameters, environment, receiver, completion);
  ListCell* cell;
  foreach (cell, aside) Restore(static_cast<const char*>(lfirst(cell)));
}

}  // namespace

void InstallPolicyHook() {
  next_process_utility = ProcessUtility_hook;
  ProcessUtility_hook = OnUtility;
}

}  // namespace threefactor::follow
