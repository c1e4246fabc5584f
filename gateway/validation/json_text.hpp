// A value of a json or jsonb type -> its JSON text. Any literal will do, with variables inside it replaced by their
// values; strings are JSON strings, not parsed (dialect reference, section 2).
#pragma once

#include <string>

#include "limits.hpp"
#include "validation/input.hpp"
#include "validation/path.hpp"
#include "validation/variables.hpp"

namespace threefactor::validation {

// Throws Error at the path when it is nested deeper than the limit.
std::string JsonText(const Input& input, Variables& variables, const Limits& limits, Path& path);

}  // namespace threefactor::validation
