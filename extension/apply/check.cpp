// threefactor_private.check_apply: whether an apply statement can be parsed, with the caller's rights and by the
// search_path given.
#include "rights/caller.hpp"

extern "C" {
#include <nodes/parsenodes.h>
#include <parser/parser.h>
}

namespace threefactor::apply {
namespace {

bool MayApply(const Node* statement) {
  switch (nodeTag(statement)) {
    case T_InsertStmt:
    case T_UpdateStmt:
    case T_DeleteStmt:
    case T_MergeStmt:
    case T_SelectStmt:
      return true;
    default:
      return false;
  }
}

}  // namespace
}  // namespace threefactor::apply

THREEFACTOR_SQL_FUNCTION(threefactor_check_apply);

// (statement text, path text) -> void
Datum threefactor_check_apply(PG_FUNCTION_ARGS) {
  const char* statement = text_to_cstring(PG_GETARG_TEXT_PP(0));
  const threefactor::rights::OwnRights own = threefactor::rights::BecomeCaller(text_to_cstring(PG_GETARG_TEXT_PP(1)));
  Oid types[] = {JSONOID, JSONOID};
  SPI_connect();
  if (!SPI_prepare(statement, 2, types)) elog(ERROR, "threefactor: %s", SPI_result_code_string(SPI_result));
  SPI_finish();
  const List* parsed = raw_parser(statement, RAW_PARSE_DEFAULT);
  if (list_length(parsed) != 1 || !threefactor::apply::MayApply(linitial_node(RawStmt, parsed)->stmt))
    ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
            errmsg("apply must be one INSERT, UPDATE, DELETE, MERGE or SELECT statement"),
            errhint("For more than one, use WITH, or call a function."));
  threefactor::rights::EndCaller(own);
  PG_RETURN_VOID();
}
