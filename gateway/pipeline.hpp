// The whole path of an operation in one function: text -> AST -> validated operation -> plan -> SQL.
// What runs afterwards (execute, live) needs only the result.
#pragma once

#include <memory>

#include "cache/operation_cache.hpp"
#include "limits.hpp"
#include "request.hpp"
#include "schema/type_system.hpp"
#include "sql/compiled.hpp"

namespace threefactor {

// Throws Error. No I/O. Safe on any thread that owns the cache.
std::shared_ptr<const sql::Compiled> Compile(const std::shared_ptr<const schema::Schema>& schema,
                                             const Request& request, const Limits& limits,
                                             cache::OperationCache& cache);

}  // namespace threefactor
