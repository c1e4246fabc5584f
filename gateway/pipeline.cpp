#include "pipeline.hpp"

#include "language/parser.hpp"
#include "plan/planner.hpp"
#include "sql/compile.hpp"
#include "validation/validate.hpp"

namespace threefactor {

std::shared_ptr<const sql::Compiled> Compile(const schema::Schema& schema, const Request& request,
                                             const Limits& limits) {
  const language::Document document = language::Parse(request.query, limits);
  const validation::Operation operation =
      validation::Validate(schema, document, request.operation_name, request.variables, limits);
  const plan::Plan plan = plan::MakePlan(operation, schema);
  return std::make_shared<const sql::Compiled>(sql::CompilePlan(plan));
}

}  // namespace threefactor
