// The whole path of an operation in one function: text -> AST -> validated operation -> plan -> SQL.
// What runs afterwards (execute, live) needs only the result.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "base/request.hpp"
#include "cache/operation_cache.hpp"
#include "language/ast.hpp"
#include "plan/plan.hpp"
#include "schema/type_system.hpp"
#include "sql/compiled.hpp"
#include "trace/trace.hpp"

namespace threefactor {

// Throws Error. No I/O. Safe on any thread that owns the cache. `trace`: null, or told of each stage.
std::shared_ptr<const sql::Compiled> Compile(const std::shared_ptr<const schema::Schema>& schema,
                                             const Request& request, const Limits& limits, cache::OperationCache& cache,
                                             Trace* trace = nullptr);

// For what is not sent as text (the first data API): one operation that was built, without a cache. `variables`: an
// object. `amend`, if any, changes the plan before it becomes SQL. Throws Error.
std::shared_ptr<const sql::Compiled> CompileBuilt(const schema::Schema& schema, const language::Document& document,
                                                  const Json& variables, const Limits& limits,
                                                  const std::function<void(plan::Plan&)>& amend);

// One root field of a query, compiled as if it stood alone; a subscription as the one statement that it is.
struct CompiledField {
  std::string response_key;
  std::shared_ptr<const sql::Compiled> compiled;
};

// What /v1/graphql/explain shows. Throws Error; mutations are refused.
std::vector<CompiledField> CompileFields(const schema::Schema& schema, const Request& request, const Limits& limits);

}  // namespace threefactor
