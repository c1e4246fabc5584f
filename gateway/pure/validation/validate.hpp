// Document + operation name + variables -> Operation, by the type system of a role.
#pragma once

#include <string_view>

#include "base/limits.hpp"
#include "language/ast.hpp"
#include "schema/type_system.hpp"
#include "validation/operation.hpp"

namespace threefactor::validation {

// Pure; safe on any thread. `operation_name` is empty for none; `variables` is null or an object of ParseJson
// (json.hpp), which is iterative, wants valid UTF-8, keeps the value of numbers (one of more digits than a
// double has belongs in a string).
// The result points into `schema` only. Throws Error with the messages, codes and paths of the dialect
// (gateway/dialect/errors.md); the first mistake found is the one reported.
Operation Validate(const schema::Schema& schema, const language::Document& document, std::string_view operation_name,
                   const Json* variables, const Limits& limits);

}  // namespace threefactor::validation
