#include "capture/condition.hpp"

#include <initializer_list>

extern "C" {
#include <catalog/pg_collation.h>
#include <catalog/pg_proc.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/clauses.h>
#include <optimizer/optimizer.h>
#include <parser/parse_clause.h>
#include <parser/parse_collate.h>
#include <parser/parse_func.h>
#include <parser/parse_node.h>
#include <parser/parse_relation.h>
#include <parser/parser.h>
#include <rewrite/prs2lock.h>
#include <utils/regproc.h>
}

namespace threefactor::capture {

namespace {

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

using Untyped = void (*)();
using Mutator = Node* (*)();

Node* ReplaceAbsent(Node* node, void* absent_rows) {
  if (!node) return nullptr;
  if (IsA(node, Var)) {
    const auto* column = reinterpret_cast<Var*>(node);
    const auto* absent = static_cast<AbsentRows*>(absent_rows);
    if (column->varno == PRS2_OLD_VARNO ? absent->old_row : absent->new_row)
      return reinterpret_cast<Node*>(makeNullConst(column->vartype, column->vartypmod, column->varcollid));
  }
  return expression_tree_mutator(node, reinterpret_cast<Mutator>(reinterpret_cast<Untyped>(ReplaceAbsent)),
                                 absent_rows);
}

bool IsVolatile(Oid function, void* found) {
  if (func_volatile(function) != PROVOLATILE_VOLATILE) return false;
  *static_cast<Oid*>(found) = function;
  return true;
}

bool FindVolatile(Node* node, void* found) {
  using Walker = bool (*)();
  if (!node) return false;
  if (check_functions_in_node(node, IsVolatile, found)) return true;
  return expression_tree_walker(node, reinterpret_cast<Walker>(reinterpret_cast<Untyped>(FindVolatile)), found);
}

void RefuseVolatile(Node* expression) {
  Oid function = InvalidOid;
  if (FindVolatile(expression, &function))
    ereport(
        ERROR, errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
        errmsg("the condition of an event trigger must not call the volatile function %s", format_procedure(function)),
        errdetail("It might change something, or decide differently for equal rows."),
        errhint("If it does neither, declare it STABLE or IMMUTABLE with ALTER FUNCTION."));
}

Expr* CallOwn(const char* function, Oid argument_type, Expr* argument) {
  List* const name = list_make2(makeString(pstrdup("threefactor")), makeString(pstrdup(function)));
  const Oid oid = LookupFuncName(name, 1, &argument_type, false);
  return reinterpret_cast<Expr*>(
      makeFuncExpr(oid, BOOLOID, list_make1(argument), InvalidOid, DEFAULT_COLLATION_OID, COERCE_EXPLICIT_CALL));
}

// Both are called in this order: an AND is evaluated from the left.
Node* NameInErrors(Node* expression, const char* event_trigger) {
  Expr* const name = reinterpret_cast<Expr*>(
      makeConst(TEXTOID, -1, DEFAULT_COLLATION_OID, -1, CStringGetTextDatum(event_trigger), false, false));
  Expr* const begin = CallOwn("begin_condition", TEXTOID, name);
  Expr* const end = CallOwn("end_condition", BOOLOID, reinterpret_cast<Expr*>(expression));
  return reinterpret_cast<Node*>(makeBoolExpr(AND_EXPR, list_make2(begin, end), -1));
}

}  // namespace

Condition MakeCondition(Relation relation, const char* condition, AbsentRows absent, const char* event_trigger) {
  char* const text = psprintf("SELECT (%s)", condition);
  ErrorContextCallback callback = {error_context_stack, PointIntoCondition, text};
  error_context_stack = &callback;
  ParseState* const state = make_parsestate(nullptr);
  state->p_sourcetext = text;
  for (const char* row : {"old", "new"}) {
    ParseNamespaceItem* const item =
        addRangeTableEntryForRelation(state, relation, AccessShareLock, makeAlias(row, NIL), false, false);
    addNSItemToQuery(state, item, false, true, true);
  }
  Node* expression = transformWhereClause(state, ParseExpression(text), EXPR_KIND_TRIGGER_WHEN, "WHEN");
  assign_expr_collations(state, expression);
  RefuseVolatile(expression);
  error_context_stack = callback.previous;
  List* const range_table = state->p_rtable;
  free_parsestate(state);
  expression = ReplaceAbsent(expression, &absent);
  if (contain_leaked_vars(expression)) expression = NameInErrors(expression, event_trigger);
  return {expression, range_table};
}

}  // namespace threefactor::capture
