// The data queries of Hasura's first API, which fixtures and scripts still use, as the GraphQL operations they stand
// for: select, count, update, delete. Pure: no I/O.
#pragma once

#include <memory>
#include <string_view>

#include "metadata/arguments.hpp"
#include "metadata/command.hpp"
#include "schema/type_system.hpp"

namespace threefactor::metadata {

bool IsDataQuery(std::string_view type);
// Requires IsDataQuery(type). Throws Error. The schema is that of the last reload: an earlier request of the same bulk
// cannot make what this one names.
Command ReadDataQuery(std::string_view type, const Json& args, const std::string& path,
                      const std::shared_ptr<const schema::Schema>& schema);

}  // namespace threefactor::metadata
