#include <fmt/format.h>

#include <unordered_map>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::string RepeatedOperation(std::string_view name) {
  return fmt::format("there are multiple operations named \"{}\"", name);
}

// GraphQL specification, "Operation Name Uniqueness".
void UniqueOperationNames(const DocumentFacts& facts, Report& report) {
  std::unordered_map<std::string_view, std::uint32_t> first;
  for (const language::OperationDefinition& operation : facts.document->operations) {
    if (operation.name.empty()) continue;
    const auto [known, is_new] = first.emplace(operation.name, operation.name_offset);
    if (is_new) continue;
    report.Add(RepeatedOperation(operation.name), {known->second, operation.name_offset});
  }
}

}  // namespace threefactor::validation::rules
