#include <fmt/format.h>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

// Section 5.3.1.
void FieldsOnCorrectType(const DocumentFacts& facts, Report& report) {
  for (const FieldFact& field : facts.fields) {
    if (field.parent == nullptr || field.field != nullptr) continue;
    report.Add(fmt::format("field \"{}\" not found in type: '{}'", field.syntax->name, field.parent->name),
               {field.syntax->offset});
  }
}

}  // namespace threefactor::validation::rules
