#include "pg/guard.hpp"

namespace threefactor::pg {

namespace {
char* CopyText(const char* text) {
  return text ? pstrdup(text) : nullptr;
}
}  // namespace

ErrorData* CopyForRaise(const ErrorData& data) {
  auto* copy = static_cast<ErrorData*>(palloc(sizeof(ErrorData)));
  *copy = data;
  copy->message = CopyText(data.message);
  copy->detail = CopyText(data.detail);
  copy->detail_log = CopyText(data.detail_log);
  copy->hint = CopyText(data.hint);
  copy->context = CopyText(data.context);
  copy->backtrace = CopyText(data.backtrace);
  copy->schema_name = CopyText(data.schema_name);
  copy->table_name = CopyText(data.table_name);
  copy->column_name = CopyText(data.column_name);
  copy->datatype_name = CopyText(data.datatype_name);
  copy->constraint_name = CopyText(data.constraint_name);
  copy->internalquery = CopyText(data.internalquery);
  copy->assoc_context = CurrentMemoryContext;
  return copy;
}

}  // namespace threefactor::pg
