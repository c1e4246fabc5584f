#include "signal/utility.hpp"

#include "signal/touched.hpp"

namespace threefactor::signal {

namespace {

Oid Resolve(const RangeVar* name) {
  return RangeVarGetRelid(name, NoLock, true);
}

bool IsTemporary(const RangeVar* name) {
  if (!name) return false;
  if (name->relpersistence == RELPERSISTENCE_TEMP) return true;
  if (name->schemaname && strcmp(name->schemaname, "pg_temp") == 0) return true;
  const Oid relation = Resolve(name);
  return OidIsValid(relation) && get_rel_persistence(relation) == RELPERSISTENCE_TEMP;
}

bool DropsOnlyTemporary(const DropStmt* statement) {
  if (statement->removeType != OBJECT_TABLE && statement->removeType != OBJECT_INDEX &&
      statement->removeType != OBJECT_VIEW && statement->removeType != OBJECT_SEQUENCE)
    return false;
  ListCell* cell;
  foreach (cell, statement->objects)
    if (!IsTemporary(makeRangeVarFromNameList(static_cast<List*>(lfirst(cell))))) return false;
  return true;
}

void NoteTruncate(const TruncateStmt* statement) {
  if (statement->behavior == DROP_CASCADE) {
    TouchEverything();  // which tables refer to these is not worth finding out
    return;
  }
  ListCell* cell;
  foreach (cell, statement->relations) TouchRelation(Resolve(static_cast<RangeVar*>(lfirst(cell))));
}

}  // namespace

bool IsTemporaryDdl(Node* statement) {
  switch (nodeTag(statement)) {
    case T_CreateStmt:
      return IsTemporary(reinterpret_cast<CreateStmt*>(statement)->relation);
    case T_CreateTableAsStmt:
      return IsTemporary(reinterpret_cast<CreateTableAsStmt*>(statement)->into->rel);
    case T_ViewStmt:
      return IsTemporary(reinterpret_cast<ViewStmt*>(statement)->view);
    case T_CreateSeqStmt:
      return IsTemporary(reinterpret_cast<CreateSeqStmt*>(statement)->sequence);
    case T_AlterTableStmt:
      return IsTemporary(reinterpret_cast<AlterTableStmt*>(statement)->relation);
    case T_IndexStmt:
      return IsTemporary(reinterpret_cast<IndexStmt*>(statement)->relation);
    case T_RenameStmt:
      return IsTemporary(reinterpret_cast<RenameStmt*>(statement)->relation);
    case T_DropStmt:
      return DropsOnlyTemporary(reinterpret_cast<DropStmt*>(statement));
    default:
      return false;
  }
}

void NoteUtility(Node* statement, bool temporary_ddl) {
  switch (nodeTag(statement)) {
    case T_CopyStmt: {
      const auto* copy = reinterpret_cast<CopyStmt*>(statement);
      if (copy->is_from && copy->relation) TouchRelation(Resolve(copy->relation));
      return;
    }
    case T_TruncateStmt:
      NoteTruncate(reinterpret_cast<TruncateStmt*>(statement));
      return;
    case T_RefreshMatViewStmt:
      TouchRelation(Resolve(reinterpret_cast<RefreshMatViewStmt*>(statement)->relation));
      return;
    default:
      if (!temporary_ddl && GetCommandLogLevel(statement) == LOGSTMT_DDL) TouchSchema();
  }
}

}  // namespace threefactor::signal
