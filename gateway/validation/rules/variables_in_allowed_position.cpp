#include <fmt/format.h>

#include <unordered_map>

#include "validation/rules.hpp"
#include "validation/variables.hpp"

namespace threefactor::validation::rules {

// Section 5.8.5.
void VariablesInAllowedPosition(const DocumentFacts& facts, Report& report) {
  for (const DefinitionFact& definition : facts.definitions) {
    if (definition.operation == nullptr || definition.variables.empty()) continue;
    std::unordered_map<std::string_view, const VariableFact*> by_name;
    for (const VariableFact& variable : definition.variables) by_name[variable.syntax->name] = &variable;
    ForEachReached(facts, definition, [&](const DefinitionFact& reached) {
      for (const VariableMention& mention : reached.mentions) {
        const auto found = by_name.find(mention.syntax->text);
        if (found == by_name.end() || found->second->type.named == nullptr) continue;
        const VariableFact& variable = *found->second;
        const std::vector<std::uint32_t> where = {variable.syntax->offset, mention.syntax->offset};
        if (mention.place.type != nullptr &&
            !IsAllowed(*variable.syntax, variable.type, mention.place, mention.place_has_default)) {
          report.Add(fmt::format("variable \"{}\" is declared as {}, but used where {} is expected",
                                 variable.syntax->name, variable.type.ToString(), mention.place.TypeText()),
                     where);
        }
        if (mention.one_of != nullptr && !variable.type.IsNonNull()) {
          report.Add(fmt::format("variable \"{}\" is declared as {}, but a member of {} may not be null",
                                 variable.syntax->name, variable.type.ToString(), mention.one_of->name),
                     where);
        }
      }
    });
  }
}

}  // namespace threefactor::validation::rules
