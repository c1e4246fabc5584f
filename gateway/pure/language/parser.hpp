// Text -> Document. Executable definitions only (GraphQL specification, sections 2.2 to 2.13).
#pragma once

#include <string_view>

#include "base/limits.hpp"
#include "language/ast.hpp"

namespace threefactor::language {

// Pure; safe on any thread. Copies `text`. Throws Error: a syntax error (syntax_error.hpp), or the limit that was
// exceeded. The stack needed is bounded by the limit of depth.
Document Parse(std::string_view text, const Limits& limits);

// One constant value (no variables), such as a default value of the type system.
struct ConstantValue {
  Document document;  // owns the text
  Value value;
};
ConstantValue ParseConstantValue(std::string_view text, const Limits& limits);

}  // namespace threefactor::language
