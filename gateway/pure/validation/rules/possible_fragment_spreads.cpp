#include <fmt/format.h>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

Mistake SpreadMistake(const schema::Schema& schema, const schema::Type& condition, const schema::Type& parent) {
  if (schema.Overlap(condition, parent)) return std::nullopt;
  return fmt::format("a fragment on '{}' cannot be used where the type is '{}'", condition.name, parent.name);
}

// GraphQL specification, "Fragment Spread Is Possible".
void PossibleFragmentSpreads(const DocumentFacts& facts, Report& report) {
  for (const FragmentFact& fragment : facts.inserted_fragments) {
    if (fragment.parent == nullptr || fragment.condition == nullptr || !fragment.condition->IsComposite()) continue;
    if (auto mistake = SpreadMistake(*facts.schema, *fragment.condition, *fragment.parent)) {
      report.Add(*std::move(mistake), {fragment.syntax->offset});
    }
  }
}

}  // namespace threefactor::validation::rules
