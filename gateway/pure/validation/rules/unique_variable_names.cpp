#include <fmt/format.h>

#include <map>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::string RepeatedVariable(std::string_view name) {
  return fmt::format("multiple definitions for variable \"{}\"", name);
}

// GraphQL specification, "Variable Uniqueness".
void UniqueVariableNames(const DocumentFacts& facts, Report& report) {
  for (const language::OperationDefinition& operation : facts.document->operations) {
    std::map<std::string_view, std::vector<std::uint32_t>> offsets;
    for (const language::VariableDefinition& variable : operation.variables) {
      offsets[variable.name].push_back(variable.name_offset);
    }
    for (auto& [name, where] : offsets) {
      if (where.size() > 1) report.Add(RepeatedVariable(name), std::move(where));
    }
  }
}

}  // namespace threefactor::validation::rules
