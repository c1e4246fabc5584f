// Answers __schema and __type from the type system alone (GraphQL specification, section 4).
#pragma once

#include <string>

#include "schema/type_system.hpp"

namespace threefactor::validation {
struct Selection;
}

namespace threefactor::plan {

// The JSON text of the field's value. Requires a selection of kIntrospectSchema or kIntrospectType that was validated
// against `schema`. Pure. Throws Error when lists of fields nest so deep that the answer would grow exponentially.
std::string Introspect(const schema::Schema& schema, const validation::Selection& selection);

}  // namespace threefactor::plan
