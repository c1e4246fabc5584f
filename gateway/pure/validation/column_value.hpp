// What a column takes: strings of any scalar, which Postgres reads, and else values of the kind that its type has
// (gateway/dialect/types.md, "What is taken").
#pragma once

#include <string>
#include <string_view>

#include "validation/input.hpp"

namespace threefactor::validation {

// Throws Error(kParseFailed) at `path` when a column of the scalar takes no value of this kind. Requires an input that
// is neither null nor a variable.
void CheckColumnValue(std::string_view scalar, const Input& input, const std::string& path);

}  // namespace threefactor::validation
