// Objects that are not served: how an error that calls one inconsistent describes it (the list `internal`), and what
// get_inconsistent_metadata answers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "metadata/arguments.hpp"
#include "schema/catalog.hpp"

namespace threefactor::metadata {

// An object of a table as a request wants it: all that is said of it but the reason. `type`: object_relation,
// array_relation, computed_field; `key` and `value`: what it consists of, as in the request.
std::string DescribeObject(std::string_view type, const QualifiedName& table, const Json& args, const char* key);

// The JSON of the list. `object`: from DescribeObject.
std::string Inconsistent(const std::string& object, const std::string& reason);

// "object_relation author in table article in source default".
std::string NameOf(const schema::Omission& omission);

// The answer of get_inconsistent_metadata: {"is_consistent", "inconsistent_objects", "left_out"}. The last is ours:
// what GraphQL cannot express is no inconsistency, so that tools that insist on consistency go on. `stored`: objects
// that could not be made, as JSON.
std::string InconsistentMetadata(const std::vector<schema::Omission>& omissions,
                                 const std::vector<std::string>& stored);

}  // namespace threefactor::metadata
