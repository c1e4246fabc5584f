#include "validation/rules.hpp"

#include <array>

namespace threefactor::validation {

namespace {

constexpr std::array kSpecifiedRules = std::to_array<Rule>({
    {"ExecutableDefinitions", rules::ExecutableDefinitions},
    {"UniqueOperationNames", rules::UniqueOperationNames},
    {"LoneAnonymousOperation", rules::LoneAnonymousOperation},
    {"SubscriptionSingleRootField", rules::SubscriptionSingleRootField},
    {"KnownTypeNames", rules::KnownTypeNames},
    {"FragmentsOnCompositeTypes", rules::FragmentsOnCompositeTypes},
    {"VariablesAreInputTypes", rules::VariablesAreInputTypes},
    {"ScalarLeafs", rules::ScalarLeafs},
    {"FieldsOnCorrectType", rules::FieldsOnCorrectType},
    {"UniqueFragmentNames", rules::UniqueFragmentNames},
    {"KnownFragmentNames", rules::KnownFragmentNames},
    {"NoUnusedFragments", rules::NoUnusedFragments},
    {"PossibleFragmentSpreads", rules::PossibleFragmentSpreads},
    {"NoFragmentCycles", rules::NoFragmentCycles},
    {"UniqueVariableNames", rules::UniqueVariableNames},
    {"NoUndefinedVariables", rules::NoUndefinedVariables},
    {"NoUnusedVariables", rules::NoUnusedVariables},
    {"KnownDirectives", rules::KnownDirectives},
    {"UniqueDirectivesPerLocation", rules::UniqueDirectivesPerLocation},
    {"KnownArgumentNames", rules::KnownArgumentNames},
    {"UniqueArgumentNames", rules::UniqueArgumentNames},
    {"ValuesOfCorrectType", rules::ValuesOfCorrectType},
    {"ProvidedRequiredArguments", rules::ProvidedRequiredArguments},
    {"VariablesInAllowedPosition", rules::VariablesInAllowedPosition},
    {"OverlappingFieldsCanBeMerged", rules::OverlappingFieldsCanBeMerged},
    {"UniqueInputFieldNames", rules::UniqueInputFieldNames},
});

}  // namespace

void Report::Add(std::string message, std::vector<std::uint32_t> offsets) {
  if (IsFull()) return;
  if (offsets.size() > kMost) offsets.resize(kMost);
  violations.push_back({rule, std::move(message), std::move(offsets)});
}

std::span<const Rule> SpecifiedRules() {
  return kSpecifiedRules;
}

std::vector<Violation> FindViolations(const DocumentFacts& facts, std::span<const Rule> rules) {
  Report report;
  for (const Rule& rule : rules) {
    report.rule = rule.name;
    rule.check(facts, report);
    if (report.IsFull()) break;
  }
  return std::move(report.violations);
}

}  // namespace threefactor::validation
