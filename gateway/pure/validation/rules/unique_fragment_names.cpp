#include <fmt/format.h>

#include <unordered_map>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::string RepeatedFragment(std::string_view name) {
  return fmt::format("multiple definitions for fragment \"{}\"", name);
}

// GraphQL specification, "Fragment Name Uniqueness".
void UniqueFragmentNames(const DocumentFacts& facts, Report& report) {
  std::unordered_map<std::string_view, std::uint32_t> first;
  for (const language::FragmentDefinition& fragment : facts.document->fragments) {
    const auto [known, is_new] = first.emplace(fragment.name, fragment.name_offset);
    if (is_new) continue;
    report.Add(RepeatedFragment(fragment.name), {known->second, fragment.name_offset});
  }
}

}  // namespace threefactor::validation::rules
