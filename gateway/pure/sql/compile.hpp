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

// `most_characters`: of the answer; 0: any number.
// Throws Error(kBadRequest) when the values are more than one statement can carry.
Compilation CompilePlan(const plan::Plan& plan, JsonShape shape, std::size_t most_characters = 0);

}  // namespace threefactor::sql
