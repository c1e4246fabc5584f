// threefactor.begin_condition(event_trigger text) and threefactor.end_condition(boolean): while a condition between
// them is evaluated, the context of an error names the event trigger (condition.hpp). Whoever writes to the table calls
// them, through its trigger, so everybody may execute them.
//
// The callbacks are static, and one is never linked twice: a call of begin_condition that no end_condition follows,
// which only a caller by hand can make, leaves a misleading context and nothing worse.
#include "pg/prelude.hpp"

namespace threefactor::capture {
namespace {

constexpr int kDeepest = 8;  // conditions that call functions whose writes evaluate conditions; more are not named

struct Named {
  ErrorContextCallback callback;
  char event_trigger[128];
};

Named stack[kDeepest];

void NameEventTrigger(void* name) {
  errcontext("condition of event trigger \"%s\"", static_cast<const char*>(name));
}

int Depth() {
  int depth = 0;
  for (const ErrorContextCallback* entry = error_context_stack; entry; entry = entry->previous)
    depth += entry->callback == NameEventTrigger;
  return depth;
}

}  // namespace
}  // namespace threefactor::capture

THREEFACTOR_SQL_FUNCTION(threefactor_begin_condition);
THREEFACTOR_SQL_FUNCTION(threefactor_end_condition);

Datum threefactor_begin_condition(PG_FUNCTION_ARGS) {
  using namespace threefactor::capture;
  const int depth = Depth();
  if (depth == kDeepest) PG_RETURN_BOOL(true);
  Named& named = stack[depth];
  text_to_cstring_buffer(PG_GETARG_TEXT_PP(0), named.event_trigger, sizeof named.event_trigger);
  named.callback = {error_context_stack, NameEventTrigger, named.event_trigger};
  error_context_stack = &named.callback;
  PG_RETURN_BOOL(true);
}

Datum threefactor_end_condition(PG_FUNCTION_ARGS) {
  using namespace threefactor::capture;
  if (error_context_stack && error_context_stack->callback == NameEventTrigger)
    error_context_stack = error_context_stack->previous;
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  PG_RETURN_BOOL(PG_GETARG_BOOL(0));
}
