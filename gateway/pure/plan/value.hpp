// Request values as Postgres reads them from text.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "validation/operation.hpp"

namespace threefactor::plan {

// A value for a column, array columns included. Throws Error for text that Postgres cannot hold (NUL).
Text TextOf(const validation::Value& value);
// Likewise, but null is an error: "unexpected null value".
Text TextNotNull(const validation::Value& value, std::string_view type);
// {"a","b",NULL}: the array literal of the values of a list; nested lists nest.
std::string ArrayLiteral(const validation::Value& list);
std::string ArrayLiteral(const std::vector<Text>& elements);

}  // namespace threefactor::plan
