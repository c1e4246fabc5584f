#include <fmt/format.h>

#include <span>
#include <unordered_map>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

namespace {

using schema::Wrapper;

// Both with outermost wrappers first. A non-null type fits where a nullable one is wanted, at any depth.
bool Fits(std::span<const Wrapper> variable, std::span<const Wrapper> location, NullItems null_items) {
  const auto take = [](std::span<const Wrapper>& wrappers, Wrapper wanted) {
    if (wrappers.empty() || wrappers.front() != wanted) return false;
    wrappers = wrappers.subspan(1);
    return true;
  };
  for (bool is_item = false;; is_item = true) {
    const bool variable_non_null = take(variable, Wrapper::kNonNull);
    const bool location_non_null = take(location, Wrapper::kNonNull);
    const bool is_judged = !is_item || null_items == NullItems::kByType;
    if (is_judged && location_non_null && !variable_non_null) return false;
    if (variable.empty() && location.empty()) return true;
    if (!take(variable, Wrapper::kList) || !take(location, Wrapper::kList)) return false;
  }
}

bool IsAllowed(const language::VariableDefinition& variable, const schema::TypeRef& type, const Place& place,
               bool place_has_default, NullItems null_items) {
  if (type.named != place.type->named) return false;
  const auto& default_value = variable.default_value;
  const bool has_default = place_has_default || (default_value && default_value->kind != language::Value::Kind::kNull);
  const Place wanted = has_default && !type.IsNonNull() ? place.Nullable() : place;
  return Fits(type.wrappers, std::span(place.type->wrappers).subspan(wanted.wrapper), null_items);
}

}  // namespace

Mistake VariableUseMistake(const language::VariableDefinition& variable, const schema::TypeRef& type,
                           const Place& place, bool place_has_default, NullItems null_items) {
  if (IsAllowed(variable, type, place, place_has_default, null_items)) return std::nullopt;
  return fmt::format("variable \"{}\" is declared as {}, but used where {} is expected", variable.name, type.ToString(),
                     place.TypeText());
}

// GraphQL specification, "All Variable Usages Are Allowed".
void VariablesInAllowedPosition(const DocumentFacts& facts, Report& report) {
  for (const DefinitionFact& definition : facts.definitions) {
    if (definition.operation == nullptr || definition.variables.empty()) continue;
    std::unordered_map<std::string_view, const VariableFact*> by_name;
    for (const VariableFact& variable : definition.variables) by_name[variable.syntax->name] = &variable;
    ForEachReached(facts, definition, [&](const DefinitionFact& reached) {
      for (const VariableMention& mention : reached.mentions) {
        const auto found = by_name.find(mention.syntax->text);
        if (found == by_name.end() || found->second->type.named == nullptr) continue;
        const VariableFact& variable = *found->second;
        const std::vector<std::uint32_t> where = {variable.syntax->offset, mention.syntax->offset};
        if (mention.place.type != nullptr) {
          if (auto mistake = VariableUseMistake(*variable.syntax, variable.type, mention.place,
                                                mention.place_has_default, NullItems::kByType)) {
            report.Add(*std::move(mistake), where);
          }
        }

        if (mention.one_of != nullptr && !variable.type.IsNonNull()) {
          report.Add(fmt::format("variable \"{}\" is declared as {}, but a member of {} may not be null",
                                 variable.syntax->name, variable.type.ToString(), mention.one_of->name),
                     where);
        }
      }
    });
  }
}

}  // namespace threefactor::validation::rules
