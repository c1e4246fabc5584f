// A type system in the GraphQL schema definition language.
#pragma once

#include <string>

#include "schema/type_system.hpp"

namespace threefactor::schema {

// Types, their fields and values in the order of their names, without what every type system has (built-in scalars,
// directives, introspection), as printSchema of graphql-js does. Pure.
std::string PrintSchema(const Schema& schema);

}  // namespace threefactor::schema
