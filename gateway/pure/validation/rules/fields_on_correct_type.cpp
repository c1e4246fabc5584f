#include <fmt/format.h>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::string UnknownField(std::string_view name, const schema::Type& parent) {
  return fmt::format("field \"{}\" not found in type: '{}'", name, parent.name);
}

// GraphQL specification, "Field Selections".
void FieldsOnCorrectType(const DocumentFacts& facts, Report& report) {
  for (const FieldFact& field : facts.fields) {
    if (field.parent == nullptr || field.field != nullptr) continue;
    report.Add(UnknownField(field.syntax->name, *field.parent), {field.syntax->offset});
  }
}

}  // namespace threefactor::validation::rules
