#include "pipeline.hpp"

#include "language/parser.hpp"
#include "plan/planner.hpp"
#include "sql/compile.hpp"
#include "validation/validate.hpp"

namespace threefactor {

std::shared_ptr<const sql::Compiled> Compile(const std::shared_ptr<const schema::Schema>& schema,
                                             const Request& request, const Limits& limits,
                                             cache::OperationCache& cache) {
  if (auto known = cache.Find(schema, request, limits)) return known;
  const language::Document document = language::Parse(request.query, limits);
  const validation::Operation operation =
      validation::Validate(*schema, document, request.operation_name, request.variables, limits);
  const plan::Plan plan = plan::MakePlan(operation, *schema);
  sql::Compilation compilation = sql::CompilePlan(plan);
  auto compiled = std::make_shared<const sql::Compiled>(std::move(compilation.compiled));
  cache.Keep(request, operation, compiled, compilation.sources);
  return compiled;
}

}  // namespace threefactor
