#include <fmt/format.h>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

// Section 5.8.2.
void VariablesAreInputTypes(const DocumentFacts& facts, Report& report) {
  for (const DefinitionFact& definition : facts.definitions) {
    for (const VariableFact& variable : definition.variables) {
      if (variable.type.named == nullptr || variable.type.named->IsInput()) continue;
      report.Add(fmt::format("variable \"{}\" is declared as {}, which is not an input type", variable.syntax->name,
                             variable.syntax->type.name),
                 {variable.syntax->type.offset});
    }
  }
}

}  // namespace threefactor::validation::rules
