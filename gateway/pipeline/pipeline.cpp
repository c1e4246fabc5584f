#include "pipeline/pipeline.hpp"

#include <utility>

#include "base/error.hpp"
#include "language/parser.hpp"
#include "plan/planner.hpp"
#include "sql/compile.hpp"
#include "validation/validate.hpp"

namespace threefactor {

namespace {

// A subscription runs for as long as its client likes the statement that it began with, also through DROP EXTENSION.
sql::JsonShape ShapeFor(const plan::Plan& plan, const schema::Catalog& catalog) {
  const bool has_functions = catalog.has_extension && catalog.extension_version != "0.1";
  return has_functions && plan.kind != plan::Plan::Kind::kSubscription ? sql::JsonShape::kFunctions
                                                                       : sql::JsonShape::kConcatenation;
}

}  // namespace

std::shared_ptr<const sql::Compiled> Compile(const std::shared_ptr<const schema::Schema>& schema,
                                             const Request& request, const Limits& limits, cache::OperationCache& cache,
                                             Trace* trace) {
  auto known = cache.Find(schema, request, limits);
  Finish(trace, Trace::Stage::kCache);
  if (known != nullptr) {
    if (trace != nullptr) trace->CountHit();
    return known;
  }
  const language::Document document = language::Parse(request.query, limits);
  Finish(trace, Trace::Stage::kParse);
  const validation::Operation operation =
      validation::Validate(*schema, document, request.operation_name, request.variables, limits);
  Finish(trace, Trace::Stage::kValidate);
  const plan::Plan plan = plan::MakePlan(operation, *schema);
  Finish(trace, Trace::Stage::kPlan);
  sql::Compilation compilation = sql::CompilePlan(plan, ShapeFor(plan, schema->catalog()), limits.response_characters);
  compilation.compiled.operation_name = operation.name;
  auto compiled = std::make_shared<const sql::Compiled>(std::move(compilation.compiled));
  cache.Keep(request, operation, compiled, compilation.sources);
  Finish(trace, Trace::Stage::kCompile);
  return compiled;
}

std::shared_ptr<const sql::Compiled> CompileBuilt(const schema::Schema& schema, const language::Document& document,
                                                  const Json& variables, const Limits& limits,
                                                  const std::function<void(plan::Plan&)>& amend) {
  const validation::Operation operation = validation::Validate(schema, document, "", &variables, limits);
  plan::Plan plan = plan::MakePlan(operation, schema);
  if (amend) amend(plan);
  return std::make_shared<const sql::Compiled>(
      sql::CompilePlan(plan, ShapeFor(plan, schema.catalog()), limits.response_characters).compiled);
}

std::vector<CompiledField> CompileFields(const schema::Schema& schema, const Request& request, const Limits& limits) {
  using Kind = validation::Operation::Kind;
  const language::Document document = language::Parse(request.query, limits);
  validation::Operation operation =
      validation::Validate(schema, document, request.operation_name, request.variables, limits);
  if (operation.kind == Kind::kMutation) throw Error("invalid-params", "only queries can be explained");
  const auto compile = [&](const validation::Operation& part) {
    const plan::Plan plan = plan::MakePlan(part, schema);
    sql::Compilation compilation = sql::CompilePlan(plan, ShapeFor(plan, schema.catalog()), limits.response_characters);
    return std::make_shared<const sql::Compiled>(std::move(compilation.compiled));
  };
  std::vector<CompiledField> fields;
  if (operation.kind == Kind::kSubscription) {
    fields.push_back({"", compile(operation)});
    return fields;
  }
  for (validation::Selection& selection : std::exchange(operation.selections, {})) {
    operation.selections.clear();
    operation.selections.push_back(std::move(selection));
    fields.push_back({operation.selections.front().response_key, compile(operation)});
  }
  return fields;
}

}  // namespace threefactor
