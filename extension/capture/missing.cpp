#include "capture/missing.hpp"

#include <initializer_list>

#include "capture/arguments.hpp"

extern "C" {
#include <utils/rel.h>
}

namespace threefactor::capture {

namespace {

// The table; null: the statement takes no name away.
const RangeVar* TableOf(const Node* statement) {
  if (IsA(statement, RenameStmt)) {
    const auto* rename = reinterpret_cast<const RenameStmt*>(statement);
    return rename->renameType == OBJECT_COLUMN ? rename->relation : nullptr;
  }
  if (!IsA(statement, AlterTableStmt)) return nullptr;
  const auto* alter = reinterpret_cast<const AlterTableStmt*>(statement);
  ListCell* cell;
  foreach (cell, alter->cmds)
    if (lfirst_node(AlterTableCmd, cell)->subtype == AT_DropColumn) return alter->relation;
  return nullptr;
}

List* AddMissing(List* missing, Oid table, const Names& names) {
  for (int i = 0; i < names.count; i++) {
    char* const name = names.first[i];
    if (get_attnum(table, name) == InvalidAttrNumber) missing = list_append_unique(missing, makeString(pstrdup(name)));
  }
  return missing;
}

}  // namespace

void WarnOfMissingColumns(const Node* statement) {
  const RangeVar* const named = TableOf(statement);
  const Oid id = named ? RangeVarGetRelid(named, NoLock, true) : InvalidOid;
  if (!OidIsValid(id)) return;
  const Relation table = relation_open(id, AccessShareLock);
  const Oid function = CaptureFunction();
  List* missing = NIL;
  for (int i = 0; table->trigdesc && i < table->trigdesc->numtriggers; i++) {
    const Trigger& trigger = table->trigdesc->triggers[i];
    if (trigger.tgfoid != function) continue;
    const Arguments arguments = ParseArguments(trigger);
    for (const Names& names : {arguments.payload, arguments.order_by, arguments.columns})
      missing = AddMissing(missing, id, names);
  }
  ListCell* cell;
  foreach (cell, missing)
    ereport(WARNING,
            errmsg("event triggers of table \"%s\" name column \"%s\", which it has no longer",
                   RelationGetRelationName(table), strVal(lfirst(cell))),
            errdetail("It is in no payload and no key of order any more, and no UPDATE counts for its sake."),
            errhint("See threefactor.event_triggers, and give them another definition with replace => true."));
  relation_close(table, NoLock);
}

}  // namespace threefactor::capture
