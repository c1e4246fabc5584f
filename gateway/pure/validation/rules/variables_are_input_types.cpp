#include <fmt/format.h>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

Mistake VariableTypeMistake(const language::VariableDefinition& variable, const schema::Type& type) {
  if (type.IsInput()) return std::nullopt;
  return fmt::format("variable \"{}\" is declared as {}, which is not an input type", variable.name, type.name);
}

// GraphQL specification, "Variables Are Input Types".
void VariablesAreInputTypes(const DocumentFacts& facts, Report& report) {
  for (const DefinitionFact& definition : facts.definitions) {
    for (const VariableFact& variable : definition.variables) {
      if (variable.type.named == nullptr) continue;
      if (auto mistake = VariableTypeMistake(*variable.syntax, *variable.type.named)) {
        report.Add(*std::move(mistake), {variable.syntax->type.offset});
      }
    }
  }
}

}  // namespace threefactor::validation::rules
