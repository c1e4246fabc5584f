#include <fmt/format.h>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

// Section 5.5.2.3.
void PossibleFragmentSpreads(const DocumentFacts& facts, Report& report) {
  for (const FragmentFact& fragment : facts.inserted_fragments) {
    if (fragment.parent == nullptr || fragment.condition == nullptr || !fragment.condition->IsComposite()) continue;
    if (facts.schema->Overlap(*fragment.condition, *fragment.parent)) continue;
    report.Add(fmt::format("a fragment on '{}' cannot be used where the type is '{}'", fragment.condition->name,
                           fragment.parent->name),
               {fragment.syntax->offset});
  }
}

}  // namespace threefactor::validation::rules
