// The comparison operators of the dialect (gateway/dialect/filters.md) and what they are in SQL.
#pragma once

#include <string_view>

#include "plan/plan.hpp"

namespace threefactor::plan {

// Null: there is none of this name.
const Operator* FindOperator(std::string_view name);

}  // namespace threefactor::plan
