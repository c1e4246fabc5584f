// A value of a json or jsonb type -> its JSON text. Any literal will do, with variables inside it replaced by their
// values; strings are JSON strings, not parsed (gateway/dialect/types.md, "JSON").
#pragma once

#include <string>

#include "validation/input.hpp"
#include "validation/variables.hpp"

namespace threefactor::validation {

// Numbers keep the digits that were sent. Values may nest as deep as documents (Limits::depth) and JSON (kDeepestJson)
// do. Throws Error for a variable that is not declared.
std::string JsonText(const Input& input, Variables& variables);

}  // namespace threefactor::validation
