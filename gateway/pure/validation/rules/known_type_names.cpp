#include <fmt/format.h>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::string UnknownType(std::string_view name) {
  return fmt::format("no such type exists in the schema: '{}'", name);
}

// GraphQL specification, "Fragment Spread Type Existence", and that variables have types ("Variables Are Input Types").
void KnownTypeNames(const DocumentFacts& facts, Report& report) {
  const auto check = [&](std::string_view name, std::uint32_t offset) {
    if (facts.schema->FindType(name) != nullptr) return;
    report.Add(UnknownType(name), {offset});
  };
  for (const DefinitionFact& definition : facts.definitions) {
    for (const VariableFact& variable : definition.variables) {
      check(variable.syntax->type.name, variable.syntax->type.name_offset);
    }
    if (definition.fragment != nullptr) {
      check(definition.fragment->type_condition, definition.fragment->condition_offset);
    }
  }
  for (const FragmentFact& fragment : facts.inserted_fragments) {
    const bool has_condition =
        fragment.syntax->kind == language::Selection::Kind::kInlineFragment && !fragment.syntax->name.empty();
    if (has_condition) check(fragment.syntax->name, fragment.syntax->name_offset);
  }
}

}  // namespace threefactor::validation::rules
