// From a plan to SQL. The shapes that are chosen, and what was measured: DECISIONS.md.
#pragma once

#include "plan/plan.hpp"
#include "sql/compiled.hpp"
#include "sql/fragment.hpp"

namespace threefactor::sql {

struct Compilation {
  Compiled compiled;
  std::vector<Sources> sources;  // one for each statement
};

// Throws Error(kBadRequest) when the values are more than one statement can carry.
Compilation CompilePlan(const plan::Plan& plan, JsonShape shape);

}  // namespace threefactor::sql
