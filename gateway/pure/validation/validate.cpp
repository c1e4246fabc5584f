#include "validation/validate.hpp"

#include <fmt/format.h>

#include <unordered_set>

#include "base/error.hpp"
#include "validation/coerce.hpp"
#include "validation/directives.hpp"
#include "validation/fragments.hpp"
#include "validation/path.hpp"
#include "validation/rules.hpp"
#include "validation/selection_builder.hpp"
#include "validation/variables.hpp"

namespace threefactor::validation {

namespace {

using language::Document;
using language::OperationDefinition;

// GraphQL specification, sections 5.2.1, 5.2.2 and 6.1.
const OperationDefinition& ChooseOperation(const Document& document, std::string_view operation_name) {
  std::unordered_set<std::string_view> names;
  bool has_shorthand = false;
  for (const OperationDefinition& operation : document.operations) {
    has_shorthand |= operation.is_shorthand;
    if (operation.name.empty() || names.insert(operation.name).second) continue;
    throw Error(code::kValidationFailed, rules::RepeatedOperation(operation.name));
  }
  if (operation_name.empty()) {
    if (document.operations.size() == 1) return document.operations.front();
    throw Error(code::kValidationFailed,
                "exactly one operation has to be present in the document when operationName is not specified");
  }
  if (has_shorthand) {
    throw Error(code::kValidationFailed,
                "operationName cannot be used when an anonymous operation exists in the document");
  }
  for (const OperationDefinition& operation : document.operations) {
    if (operation.name == operation_name) return operation;
  }
  throw Error(code::kValidationFailed, fmt::format("no such operation found in the document: \"{}\"", operation_name));
}

struct Root {
  const schema::Type* type;
  Operation::Kind kind;
  std::string_view directive_location;
  std::string_view missing;
};

Root RootOf(const schema::Schema& schema, OperationDefinition::Kind kind) {
  switch (kind) {
    case OperationDefinition::Kind::kMutation:
      return {schema.mutation(), Operation::Kind::kMutation, "MUTATION", "no mutations exist"};
    case OperationDefinition::Kind::kSubscription:
      return {schema.subscription(), Operation::Kind::kSubscription, "SUBSCRIPTION", "no subscriptions exist"};
    case OperationDefinition::Kind::kQuery:
      break;
  }
  return {schema.query(), Operation::Kind::kQuery, "QUERY", "no queries exist"};
}

}  // namespace

Operation Validate(const schema::Schema& schema, const Document& document, std::string_view operation_name,
                   const Json* sent_variables, const Limits& limits) {
  const OperationDefinition& definition = ChooseOperation(document, operation_name);
  const Root root = RootOf(schema, definition.kind);
  if (root.type == nullptr) throw Error(code::kValidationFailed, std::string(root.missing));

  const Fragments fragments(document);
  fragments.CheckCycles(definition.selections, limits);

  Path path;
  Variables variables(schema, definition, sent_variables);
  Coercion coercion(variables, limits, path);
  for (const language::VariableDefinition& variable : definition.variables) {
    ApplyDirectives(schema, variable.directives, "VARIABLE_DEFINITION", coercion, path);
  }
  ApplyDirectives(schema, definition.directives, root.directive_location, coercion, path);

  Operation operation;
  operation.kind = root.kind;
  operation.name = definition.name;
  operation.selections =
      SelectionBuilder(schema, fragments, limits, coercion, path).Build(*root.type, definition.selections);
  if (operation.kind == Operation::Kind::kSubscription && operation.selections.size() != 1) {
    throw Error(code::kValidationFailed, "subscriptions must select one top level field");
  }
  coercion.CheckUnusedVariables();
  for (const Variable& variable : variables.all())
    if (variable.sent != nullptr) operation.variables.push_back({variable.sent, variable.uses});
  return operation;
}

}  // namespace threefactor::validation
