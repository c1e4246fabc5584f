// How an error that calls a metadata object inconsistent describes it: the list `internal`.
#pragma once

#include <string>
#include <string_view>

#include "metadata/arguments.hpp"

namespace threefactor::metadata {

// An object of a table as a request wants it: all that is said of it but the reason. `type`: object_relation,
// array_relation, computed_field; `key` and `value`: what it consists of, as in the request.
std::string DescribeObject(std::string_view type, const QualifiedName& table, const Json& args, const char* key);

// The JSON of the list. `object`: from DescribeObject.
std::string Inconsistent(const std::string& object, const std::string& reason);

}  // namespace threefactor::metadata
