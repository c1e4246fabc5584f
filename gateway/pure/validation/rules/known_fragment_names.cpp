#include <fmt/format.h>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::string UnknownFragment(std::string_view name) {
  return fmt::format("reference to undefined fragment \"{}\"", name);
}

// GraphQL specification, "Fragment Spread Target Defined".
void KnownFragmentNames(const DocumentFacts& facts, Report& report) {
  for (const DefinitionFact& definition : facts.definitions) {
    for (const language::Selection* spread : definition.spreads) {
      if (facts.FindFragment(spread->name) != nullptr) continue;
      report.Add(UnknownFragment(spread->name), {spread->name_offset});
    }
  }
}

}  // namespace threefactor::validation::rules
