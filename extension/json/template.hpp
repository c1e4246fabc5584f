// A call's first argument, the template, with its other arguments, the values:
//   '{"id":%v,"tags":%r}'   %v: the value as JSON, by its type; %r: it is JSON already, of type text; %%: a percent
//   sign
// It must be the same in every row; what was understood of it, and of the types, stays with the call (fn_extra).
// Postgres-side.
#pragma once

#include "pg/prelude.hpp"

#include "json/json_text.hpp"

namespace threefactor::json {

// Appends the template with its values. `first`: the template's place among the arguments.
void Render(FunctionCallInfo call, int first, json::JsonText& out);

}  // namespace threefactor::json
