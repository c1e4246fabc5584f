#include <fmt/format.h>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

// Section 5.3.3.
void ScalarLeafs(const DocumentFacts& facts, Report& report) {
  for (const FieldFact& field : facts.fields) {
    if (field.field == nullptr) continue;
    const bool selects = !field.syntax->selections.empty();
    if (field.field->type.named->IsLeaf()) {
      if (selects) report.Add("unexpected subselection set for non-object field", {field.syntax->selections_offset});
    } else if (!selects) {
      report.Add(fmt::format("missing selection set for \"{}\"", field.syntax->name), {field.syntax->offset});
    }
  }
}

}  // namespace threefactor::validation::rules
