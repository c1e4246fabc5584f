#include <fmt/format.h>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

Mistake FragmentTypeMistake(const schema::Type& condition) {
  if (condition.IsComposite()) return std::nullopt;
  return fmt::format("a fragment cannot be on '{}', which has no fields", condition.name);
}

// GraphQL specification, "Fragments on Object, Interface or Union Types".
void FragmentsOnCompositeTypes(const DocumentFacts& facts, Report& report) {
  const auto check = [&](const schema::Type* type, std::uint32_t offset) {
    if (type == nullptr) return;
    if (auto mistake = FragmentTypeMistake(*type)) report.Add(*std::move(mistake), {offset});
  };
  for (const DefinitionFact& definition : facts.definitions) {
    if (definition.fragment == nullptr) continue;
    check(facts.schema->FindType(definition.fragment->type_condition), definition.fragment->condition_offset);
  }
  for (const FragmentFact& fragment : facts.inserted_fragments) {
    if (fragment.syntax->kind != language::Selection::Kind::kInlineFragment || fragment.syntax->name.empty()) continue;
    check(fragment.condition, fragment.syntax->name_offset);
  }
}

}  // namespace threefactor::validation::rules
