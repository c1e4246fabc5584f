#include "pipeline.hpp"

#include "language/parser.hpp"
#include "plan/planner.hpp"
#include "sql/compile.hpp"
#include "validation/validate.hpp"

namespace threefactor {

namespace {

sql::JsonShape ShapeOf(const schema::Catalog& catalog) {
  const bool has_functions = catalog.has_extension && catalog.extension_version != "0.1";
  return has_functions ? sql::JsonShape::kFunctions : sql::JsonShape::kConcatenation;
}

}  // namespace

std::shared_ptr<const sql::Compiled> Compile(const std::shared_ptr<const schema::Schema>& schema,
                                             const Request& request, const Limits& limits,
                                             cache::OperationCache& cache) {
  if (auto known = cache.Find(schema, request, limits)) return known;
  const language::Document document = language::Parse(request.query, limits);
  const validation::Operation operation =
      validation::Validate(*schema, document, request.operation_name, request.variables, limits);
  const plan::Plan plan = plan::MakePlan(operation, *schema);
  sql::Compilation compilation = sql::CompilePlan(plan, ShapeOf(schema->catalog()));
  auto compiled = std::make_shared<const sql::Compiled>(std::move(compilation.compiled));
  cache.Keep(request, operation, compiled, compilation.sources);
  return compiled;
}

}  // namespace threefactor
