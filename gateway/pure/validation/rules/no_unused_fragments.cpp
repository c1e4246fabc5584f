#include <fmt/format.h>

#include <unordered_set>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

// GraphQL specification, "Fragments Must Be Used".
void NoUnusedFragments(const DocumentFacts& facts, Report& report) {
  std::unordered_set<std::string_view> used;
  for (const DefinitionFact& definition : facts.definitions) {
    if (definition.operation == nullptr) continue;
    ForEachReached(facts, definition, [&](const DefinitionFact& reached) {
      if (reached.fragment != nullptr) used.insert(reached.fragment->name);
    });
  }
  for (const language::FragmentDefinition& fragment : facts.document->fragments) {
    if (used.contains(fragment.name)) continue;
    report.Add(fmt::format("fragment \"{}\" is never used", fragment.name), {fragment.offset});
  }
}

}  // namespace threefactor::validation::rules
