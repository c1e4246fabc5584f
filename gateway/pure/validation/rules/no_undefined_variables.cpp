#include <fmt/format.h>

#include <unordered_set>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::string UnboundVariable(std::string_view name) {
  return fmt::format("unbound variable \"{}\"", name);
}

// GraphQL specification, "All Variable Uses Defined".
void NoUndefinedVariables(const DocumentFacts& facts, Report& report) {
  for (const DefinitionFact& definition : facts.definitions) {
    if (definition.operation == nullptr) continue;
    std::unordered_set<std::string_view> defined;
    for (const VariableFact& variable : definition.variables) defined.insert(variable.syntax->name);
    ForEachReached(facts, definition, [&](const DefinitionFact& reached) {
      for (const VariableMention& mention : reached.mentions) {
        if (defined.contains(mention.syntax->text)) continue;
        report.Add(UnboundVariable(mention.syntax->text), {mention.syntax->offset, definition.operation->offset});
      }
    });
  }
}

}  // namespace threefactor::validation::rules
