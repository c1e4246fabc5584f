// threefactor.create_capture_trigger: makes one row trigger of an event trigger, for one operation.
//
// It is CREATE TRIGGER ... WHEN (condition) with one difference: a condition may mention OLD in an INSERT and NEW in a
// DELETE, where CREATE TRIGGER refuses it. The absent row is all NULL, so that one condition serves every operation.
// The condition is parsed with both rows, then the absent one's columns are replaced by NULLs of their types; Postgres
// keeps the result with the trigger, deparses it in dumps and tracks what it depends on, as with any other.
//
// An UPDATE counts only if one of the given columns changed (or any, when none are given). Values are compared by their
// type's equality; where a type has none (json, point), by their bytes.
#include "pg/prelude.hpp"

#include <initializer_list>

extern "C" {
#include <catalog/dependency.h>
#include <catalog/pg_trigger.h>
#include <lib/stringinfo.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <parser/parse_clause.h>
#include <parser/parse_collate.h>
#include <parser/parse_node.h>
#include <parser/parse_relation.h>
#include <parser/parser.h>
#include <rewrite/prs2lock.h>
#include <rewrite/rewriteHandler.h>
#include <utils/array.h>
#include <utils/typcache.h>
}

namespace threefactor::capture {
namespace {

struct Operation {
  const char* name;
  int16 event;
  int absent;  // PRS2_OLD_VARNO or PRS2_NEW_VARNO; 0: both rows are there
};

constexpr Operation kOperations[] = {{"INSERT", TRIGGER_TYPE_INSERT, PRS2_OLD_VARNO},
                                     {"UPDATE", TRIGGER_TYPE_UPDATE, 0},
                                     {"DELETE", TRIGGER_TYPE_DELETE, PRS2_NEW_VARNO}};

const Operation& FindOperation(const char* name) {
  for (const Operation& operation : kOperations)
    if (strcmp(operation.name, name) == 0) return operation;
  ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("unknown operation \"%s\"", name));
  pg_unreachable();
}

[[noreturn]] void RaiseNoExpression() {
  ereport(ERROR, errcode(ERRCODE_SYNTAX_ERROR), errmsg("the condition of an event trigger must be one expression"),
          errhint("Write it as in CREATE TRIGGER ... WHEN, for example NEW.status = 'paid' AND OLD.status IS NULL."));
  pg_unreachable();
}

// Positions in errors of the parser refer to the text it was given, not to the statement that the user sent.
void PointIntoCondition(void* text) {
  const int position = geterrposition();
  if (position > 0) {
    errposition(0);
    internalerrposition(position);
    internalerrquery(static_cast<const char*>(text));
  }
  errcontext("condition of an event trigger");
}

// The one expression that `text`, a SELECT, consists of: nothing after it, no alias, no clause.
Node* ParseExpression(const char* text) {
  const List* const statements = raw_parser(text, RAW_PARSE_DEFAULT);
  if (list_length(statements) != 1) RaiseNoExpression();
  auto* const select = castNode(RawStmt, linitial(statements))->stmt;
  if (!IsA(select, SelectStmt)) RaiseNoExpression();
  const auto* parsed = reinterpret_cast<SelectStmt*>(select);
  if (parsed->op != SETOP_NONE || parsed->distinctClause || parsed->intoClause || parsed->fromClause ||
      parsed->whereClause || parsed->groupClause || parsed->havingClause || parsed->windowClause ||
      parsed->valuesLists || parsed->sortClause || parsed->limitOffset || parsed->limitCount || parsed->lockingClause ||
      parsed->withClause || list_length(parsed->targetList) != 1)
    RaiseNoExpression();
  const auto* target = castNode(ResTarget, linitial(parsed->targetList));
  if (target->name || target->indirection) RaiseNoExpression();
  return target->val;
}

Node* ReplaceAbsent(Node* node, void* absent) {
  if (!node) return nullptr;
  if (IsA(node, Var) && reinterpret_cast<Var*>(node)->varno == *static_cast<int*>(absent)) {
    const auto* column = reinterpret_cast<Var*>(node);
    return reinterpret_cast<Node*>(makeNullConst(column->vartype, column->vartypmod, column->varcollid));
  }
  using Untyped = void (*)();
  using Mutator = Node* (*)();
  return expression_tree_mutator(node, reinterpret_cast<Mutator>(reinterpret_cast<Untyped>(ReplaceAbsent)), absent);
}

bool HasEquality(Oid type) {
  return OidIsValid(lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr);
}

// The condition that a row changed in one of the columns, as SQL text.
const char* ChangedCondition(Relation relation, const List* columns) {
  const TupleDesc descriptor = RelationGetDescr(relation);
  StringInfoData condition;
  initStringInfo(&condition);
  if (columns == NIL) {
    bool comparable = true;
    for (int i = 0; i < descriptor->natts; i++) {
      const Form_pg_attribute column = TupleDescAttr(descriptor, i);
      comparable &= column->attisdropped || HasEquality(column->atttypid);
    }
    return comparable ? "OLD.* IS DISTINCT FROM NEW.*" : "OLD.* OPERATOR(pg_catalog.*<>) NEW.*";
  }
  ListCell* cell;
  foreach (cell, columns) {
    const char* const name = strVal(lfirst(cell));
    const AttrNumber number = get_attnum(RelationGetRelid(relation), name);
    if (number <= 0)
      ereport(ERROR, errcode(ERRCODE_UNDEFINED_COLUMN),
              errmsg("table \"%s\" has no column \"%s\"", RelationGetRelationName(relation), name));
    const char* const quoted = quote_identifier(name);
    const Oid type = TupleDescAttr(descriptor, number - 1)->atttypid;
    // The operator of a type that somebody made may be outside the search_path: a record finds it by the type.
    const char* format = "%sROW(OLD.%s)::record OPERATOR(pg_catalog.*<>) ROW(NEW.%s)::record";
    if (HasEquality(type))
      format = type < FirstNormalObjectId ? "%sOLD.%s IS DISTINCT FROM NEW.%s"
                                          : "%sROW(OLD.%s)::record OPERATOR(pg_catalog.<>) ROW(NEW.%s)::record";
    appendStringInfo(&condition, format, condition.len > 0 ? " OR " : "", quoted, quoted);
  }
  return condition.data;
}

// Both may be absent; null: every change counts.
Node* Both(Node* first, Node* second) {
  if (!first || !second) return first ? first : second;
  return reinterpret_cast<Node*>(makeBoolExpr(AND_EXPR, list_make2(first, second), -1));
}

// The condition with its columns resolved; null: none. `range_table` receives what its dependencies refer to.
Node* MakeCondition(Relation relation, const Operation& operation, const List* columns, const char* condition,
                    List** range_table) {
  const bool updates = operation.event == TRIGGER_TYPE_UPDATE;
  if (!updates && !condition) return nullptr;
  char* const text = psprintf("SELECT (%s)", condition ? condition : "true");
  ErrorContextCallback callback = {error_context_stack, PointIntoCondition, text};
  error_context_stack = &callback;
  Node* raw = condition ? ParseExpression(text) : nullptr;
  if (updates) raw = Both(ParseExpression(psprintf("SELECT %s", ChangedCondition(relation, columns))), raw);

  ParseState* const state = make_parsestate(nullptr);
  state->p_sourcetext = text;
  for (const char* row : {"old", "new"}) {
    ParseNamespaceItem* const item =
        addRangeTableEntryForRelation(state, relation, AccessShareLock, makeAlias(row, NIL), false, false);
    addNSItemToQuery(state, item, false, true, true);
  }
  Node* expression = transformWhereClause(state, raw, EXPR_KIND_TRIGGER_WHEN, "WHEN");
  assign_expr_collations(state, expression);
  error_context_stack = callback.previous;
  *range_table = state->p_rtable;
  free_parsestate(state);
  int absent = operation.absent;
  return absent == 0 ? expression : ReplaceAbsent(expression, &absent);
}

List* Strings(ArrayType* arguments) {
  Datum* values = nullptr;
  int count = 0;
  deconstruct_array(arguments, TEXTOID, -1, false, TYPALIGN_INT, &values, nullptr, &count);
  List* strings = NIL;
  for (int i = 0; i < count; i++) strings = lappend(strings, makeString(TextDatumGetCString(values[i])));
  return strings;
}

}  // namespace
}  // namespace threefactor::capture

THREEFACTOR_SQL_FUNCTION(threefactor_create_capture_trigger);

// (relation regclass, name text, operation text, arguments text[], columns text[], condition text)
Datum threefactor_create_capture_trigger(PG_FUNCTION_ARGS) {
  using namespace threefactor::capture;
  for (int i = 0; i < 4; i++)
    if (PG_ARGISNULL(i))
      ereport(ERROR, errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("only columns and condition may be null"));
  const Oid relation_id = PG_GETARG_OID(0);
  const Operation& operation = FindOperation(text_to_cstring(PG_GETARG_TEXT_PP(2)));

  const Relation relation = table_open(relation_id, ShareRowExclusiveLock);
  CreateTrigStmt* const statement = makeNode(CreateTrigStmt);
  statement->trigname = text_to_cstring(PG_GETARG_TEXT_PP(1));
  statement->relation =
      makeRangeVar(get_namespace_name(RelationGetNamespace(relation)), pstrdup(RelationGetRelationName(relation)), -1);
  statement->funcname = list_make2(makeString(pstrdup("threefactor")), makeString(pstrdup("capture")));
  statement->args = Strings(PG_GETARG_ARRAYTYPE_P(3));
  statement->row = true;
  statement->timing = TRIGGER_TYPE_AFTER;
  statement->events = operation.event;
  List* range_table = NIL;
  Node* const condition =
      MakeCondition(relation, operation, PG_ARGISNULL(4) ? NIL : Strings(PG_GETARG_ARRAYTYPE_P(4)),
                    PG_ARGISNULL(5) ? nullptr : text_to_cstring(PG_GETARG_TEXT_PP(5)), &range_table);
  const ObjectAddress trigger = CreateTrigger(statement, nullptr, relation_id, InvalidOid, InvalidOid, InvalidOid,
                                              InvalidOid, InvalidOid, condition, false, false);
  // CreateTrigger records these only for conditions that it parses itself.
  if (condition) recordDependencyOnExpr(&trigger, condition, range_table, DEPENDENCY_NORMAL);
  table_close(relation, NoLock);
  PG_RETURN_VOID();
}
