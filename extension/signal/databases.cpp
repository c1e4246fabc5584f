#include "signal/databases.hpp"

extern "C" {
#include <catalog/pg_authid.h>
#include <commands/dbcommands.h>
#include <commands/defrem.h>
#include <utils/acl.h>
#include <utils/syscache.h>
}

namespace threefactor::signal {

namespace {

bool MayCreateDatabases() {
  if (superuser()) return true;
  const HeapTuple tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(GetUserId()));
  if (!HeapTupleIsValid(tuple)) return false;
  const bool may = reinterpret_cast<Form_pg_authid>(GETSTRUCT(tuple))->rolcreatedb;
  ReleaseSysCache(tuple);
  return may;
}

const DefElem* FindOption(const List* options, const char* name) {
  ListCell* cell;
  foreach (cell, options) {
    const auto* option = static_cast<DefElem*>(lfirst(cell));
    if (strcmp(option->defname, name) == 0) return option;
  }
  return nullptr;
}

// Nobody may disturb the worker of a database by a command that will only be refused.
Oid IfOwner(const char* name) {
  const Oid database = name ? get_database_oid(name, true) : InvalidOid;
  return OidIsValid(database) && pg_database_ownercheck(database, GetUserId()) ? database : InvalidOid;
}

// Whoever may create databases may copy a template, but another database only as its owner.
bool MayCopy(Oid database) {
  if (!MayCreateDatabases()) return false;
  if (pg_database_ownercheck(database, GetUserId())) return true;
  const HeapTuple tuple = SearchSysCache1(DATABASEOID, ObjectIdGetDatum(database));
  if (!HeapTupleIsValid(tuple)) return false;
  const bool may = reinterpret_cast<Form_pg_database>(GETSTRUCT(tuple))->datistemplate;
  ReleaseSysCache(tuple);
  return may;
}

Oid Template(const CreatedbStmt* statement) {
  const DefElem* const option = FindOption(statement->options, "template");
  const char* const name = option && option->arg ? defGetString(const_cast<DefElem*>(option)) : "template1";
  const Oid database = get_database_oid(name, true);
  return OidIsValid(database) && MayCopy(database) ? database : InvalidOid;
}

bool DropsExtension(const DropStmt* statement) {
  if (statement->removeType != OBJECT_EXTENSION) return false;
  bool drops = false;
  ListCell* cell;
  foreach (cell, statement->objects) drops |= strcmp(strVal(lfirst(cell)), "threefactor") == 0;
  if (!drops) return false;
  const Oid extension = get_extension_oid("threefactor", true);
  return OidIsValid(extension) && pg_extension_ownercheck(extension, GetUserId());
}

}  // namespace

DatabaseCommand RecogniseDatabaseCommand(const Node* statement) {
  switch (nodeTag(statement)) {
    case T_DropdbStmt:
      return {IfOwner(reinterpret_cast<const DropdbStmt*>(statement)->dbname), true};
    case T_RenameStmt: {
      const auto* rename = reinterpret_cast<const RenameStmt*>(statement);
      return {rename->renameType == OBJECT_DATABASE ? IfOwner(rename->subname) : InvalidOid, false};
    }
    case T_AlterDatabaseStmt: {
      const auto* alter = reinterpret_cast<const AlterDatabaseStmt*>(statement);
      return {FindOption(alter->options, "tablespace") ? IfOwner(alter->dbname) : InvalidOid, false};
    }
    case T_CreatedbStmt:
      return {Template(reinterpret_cast<const CreatedbStmt*>(statement)), false};
    case T_DropStmt:
      return {DropsExtension(reinterpret_cast<const DropStmt*>(statement)) ? MyDatabaseId : InvalidOid, false};
    default:
      return {InvalidOid, false};
  }
}

}  // namespace threefactor::signal
