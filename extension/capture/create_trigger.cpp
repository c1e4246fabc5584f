// threefactor_private.create_capture_trigger: makes one trigger of an event trigger, for one operation.
#include <initializer_list>

#include "capture/arguments.hpp"
#include "capture/condition.hpp"
#include "capture/order_key.hpp"
#include "database/version.hpp"
#include "rights/caller.hpp"

extern "C" {
#include <catalog/dependency.h>
#include <catalog/pg_extension.h>
#include <catalog/pg_trigger.h>
#include <nodes/makefuncs.h>
#include <utils/array.h>
}

namespace threefactor::capture {
namespace {

struct Operation {
  const char* name;
  const char* suffix;  // of the trigger's name
  int16 event;
  AbsentRows absent;
  bool only_moves;
};

constexpr Operation kOperations[] = {{"INSERT", "insert", TRIGGER_TYPE_INSERT, {true, false}, false},
                                     {"UPDATE", "update", TRIGGER_TYPE_UPDATE, {false, false}, false},
                                     {"DELETE", "delete", TRIGGER_TYPE_DELETE, {false, true}, false},
                                     {"TRUNCATE", "truncate", TRIGGER_TYPE_TRUNCATE, {true, true}, false},
                                     {"MOVE_OUT", "move_out", TRIGGER_TYPE_DELETE, {}, true},
                                     {"MOVE_IN", "move_in", TRIGGER_TYPE_INSERT, {}, true}};

const Operation& FindOperation(const char* name) {
  for (const Operation& operation : kOperations)
    if (strcmp(operation.name, name) == 0) return operation;
  ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("unknown operation \"%s\"", name));
  pg_unreachable();
}

void RequireHashable(Relation relation, const List* columns) {
  ListCell* cell;
  foreach (cell, columns) {
    const char* const name = strVal(lfirst(cell));
    const AttrNumber number = get_attnum(RelationGetRelid(relation), name);
    const Oid type = get_atttype(RelationGetRelid(relation), number);
    if (!IsHashable(type))
      ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
              errmsg("column \"%s\" of table \"%s\" cannot be in order_by", name, RelationGetRelationName(relation)),
              errdetail("Its type %s has no hash function.", format_type_be(type)));
  }
}

// Of a text[], null being empty.
List* Strings(FunctionCallInfo fcinfo, int argument) {
  if (PG_ARGISNULL(argument)) return NIL;
  Datum* values = nullptr;
  int count = 0;
  deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), TEXTOID, -1, false, TYPALIGN_INT, &values, nullptr, &count);
  List* strings = NIL;
  for (int i = 0; i < count; i++) strings = lappend(strings, makeString(TextDatumGetCString(values[i])));
  return strings;
}

void DependOnExtension(const ObjectAddress& trigger) {
  const ObjectAddress extension = {ExtensionRelationId, get_extension_oid("threefactor", false), 0};
  recordDependencyOn(&trigger, &extension, DEPENDENCY_AUTO_EXTENSION);
}

}  // namespace
}  // namespace threefactor::capture

THREEFACTOR_SQL_FUNCTION(threefactor_create_capture_trigger);

// (relation regclass, operation text, definition integer, event_trigger text, condition text, payload text[],
//  order_by text[], columns text[], on_replica boolean, condition_path text); condition, its path and the lists may be
// null.
Datum threefactor_create_capture_trigger(PG_FUNCTION_ARGS) {
  using namespace threefactor::capture;
  threefactor::version::RequireArguments(fcinfo, 10);
  PreventCommandIfReadOnly("CREATE TRIGGER");
  for (const int i : {0, 1, 2, 3, 8})
    if (PG_ARGISNULL(i)) ereport(ERROR, errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("argument %d is null", i + 1));
  const Oid relation_id = PG_GETARG_OID(0);
  const Operation& operation = FindOperation(text_to_cstring(PG_GETARG_TEXT_PP(1)));
  const int32 definition = PG_GETARG_INT32(2);
  const bool truncates = operation.event == TRIGGER_TYPE_TRUNCATE;
  const List* const order_by = Strings(fcinfo, 6);
  const List* const columns = operation.event == TRIGGER_TYPE_UPDATE ? Strings(fcinfo, 7) : NIL;

  const char* const path = PG_ARGISNULL(9) ? "pg_catalog, pg_temp" : text_to_cstring(PG_GETARG_TEXT_PP(9));

  const threefactor::rights::OwnRights own = threefactor::rights::BecomeCaller(path);
  const Relation relation = table_open(relation_id, ShareRowExclusiveLock);
  RequireHashable(relation, order_by);
  CreateTrigStmt* const statement = makeNode(CreateTrigStmt);
  const char* const event_trigger = text_to_cstring(PG_GETARG_TEXT_PP(3));
  statement->trigname = MakeTriggerName(event_trigger, operation.suffix);
  statement->relation =
      makeRangeVar(get_namespace_name(RelationGetNamespace(relation)), pstrdup(RelationGetRelationName(relation)), -1);
  statement->funcname = list_make2(makeString(pstrdup("threefactor")), makeString(pstrdup("capture")));
  statement->args =
      MakeArguments(event_trigger, definition, operation.only_moves, Strings(fcinfo, 5), order_by, columns);
  statement->row = !truncates;
  statement->timing = TRIGGER_TYPE_AFTER;
  statement->events = operation.event;
  Condition condition = {};
  if (!PG_ARGISNULL(4))
    condition = MakeCondition(relation, text_to_cstring(PG_GETARG_TEXT_PP(4)), operation.absent, event_trigger);
  const ObjectAddress trigger = CreateTriggerFiringOn(
      statement, nullptr, relation_id, InvalidOid, InvalidOid, InvalidOid, InvalidOid, InvalidOid, condition.expression,
      false, false, PG_GETARG_BOOL(8) ? TRIGGER_FIRES_ALWAYS : TRIGGER_FIRES_ON_ORIGIN);
  // CreateTrigger records these only for conditions that it parses itself.
  if (condition.expression)
    recordDependencyOnExpr(&trigger, condition.expression, condition.range_table, DEPENDENCY_NORMAL);
  DependOnExtension(trigger);
  table_close(relation, NoLock);
  threefactor::rights::EndCaller(own);
  PG_RETURN_VOID();
}
