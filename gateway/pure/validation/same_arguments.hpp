// Whether two mentions of a field ask for the same (GraphQL specification, section 5.3.2).
#pragma once

#include <vector>

#include "language/ast.hpp"

namespace threefactor::validation {

// Order does not matter, neither of arguments nor of the fields of an object.
bool SameArguments(const std::vector<language::Argument>& left, const std::vector<language::Argument>& right);

}  // namespace threefactor::validation
