#include <fmt/format.h>

#include <unordered_set>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

// GraphQL specification, "All Variables Used".
void NoUnusedVariables(const DocumentFacts& facts, Report& report) {
  for (const DefinitionFact& definition : facts.definitions) {
    if (definition.operation == nullptr || definition.variables.empty()) continue;
    std::unordered_set<std::string_view> used;
    ForEachReached(facts, definition, [&](const DefinitionFact& reached) {
      for (const VariableMention& mention : reached.mentions) used.insert(mention.syntax->text);
    });
    for (const VariableFact& variable : definition.variables) {
      if (used.contains(variable.syntax->name)) continue;
      report.Add(fmt::format("variable \"{}\" is never used", variable.syntax->name), {variable.syntax->offset});
    }
  }
}

}  // namespace threefactor::validation::rules
