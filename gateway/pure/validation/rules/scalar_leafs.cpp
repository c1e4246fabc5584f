#include <fmt/format.h>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

Mistake LeafMistake(const language::Selection& selection, const schema::Field& field) {
  const bool selects = !selection.selections.empty();
  if (selects != field.type.named->IsLeaf()) return std::nullopt;
  if (selects) return "unexpected subselection set for non-object field";
  return fmt::format("missing selection set for \"{}\"", field.type.named->name);
}

// GraphQL specification, "Leaf Field Selections".
void ScalarLeafs(const DocumentFacts& facts, Report& report) {
  for (const FieldFact& field : facts.fields) {
    if (field.field == nullptr) continue;
    const bool selects = !field.syntax->selections.empty();
    if (auto mistake = LeafMistake(*field.syntax, *field.field)) {
      report.Add(*std::move(mistake), {selects ? field.syntax->selections_offset : field.syntax->offset});
    }
  }
}

}  // namespace threefactor::validation::rules
