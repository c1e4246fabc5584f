// From a plan to SQL. The shapes that are chosen, and what was measured: DECISIONS.md.
#pragma once

#include "plan/plan.hpp"
#include "sql/compiled.hpp"

namespace threefactor::sql {

// Throws Error(kBadRequest) when the values are more than one statement can carry.
Compiled CompilePlan(const plan::Plan& plan);

}  // namespace threefactor::sql
