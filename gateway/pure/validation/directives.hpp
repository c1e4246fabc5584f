// Directives of a document: known, allowed where they stand, not repeated (GraphQL specification, section 5.7), and
// what @skip and @include say.
#pragma once

#include <string_view>
#include <vector>

#include "language/ast.hpp"
#include "schema/type_system.hpp"
#include "validation/coerce.hpp"
#include "validation/path.hpp"

namespace threefactor::validation {

// `location` is the specification's name for it: "FIELD", "QUERY" ... Throws Error at the path.
// Returns whether what carries the directives stays: false for @skip(if: true) and @include(if: false).
bool ApplyDirectives(const schema::Schema& schema, const std::vector<language::Directive>& directives,
                     std::string_view location, Coercion& coercion, Path& path);

}  // namespace threefactor::validation
