// The rules by which a document is valid (GraphQL specification, October 2021 and September 2025, section 5): each is
// one function in a file of its own (rules/), named as the specification's reference implementation names it. A rule
// reads the facts and reports what breaks it; it assumes nothing of the others, so all mistakes of a document are
// found.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "validation/document_facts.hpp"

namespace threefactor::validation {

struct Violation {
  std::string_view rule;
  std::string message;
  std::vector<std::uint32_t> offsets;  // where, in bytes of the source
};

class Report {
 public:
  // `offsets` as the reference implementation locates the mistake, so that its suites can be replayed.
  void Add(std::string message, std::vector<std::uint32_t> offsets);

  // Of mistakes, and of the places of one: a document with more is as wrong, and what is kept stays small.
  static constexpr std::size_t kMost = 100;
  bool IsFull() const { return violations.size() >= kMost; }

  std::string_view rule;  // the one that runs
  std::vector<Violation> violations;
};

struct Rule {
  std::string_view name;
  void (*check)(const DocumentFacts& facts, Report& report);
};

// All of them, in the order of the specification.
std::span<const Rule> SpecifiedRules();

// Pure. At most Report::kMost.
std::vector<Violation> FindViolations(const DocumentFacts& facts, std::span<const Rule> rules);

namespace rules {

void ExecutableDefinitions(const DocumentFacts& facts, Report& report);
void UniqueOperationNames(const DocumentFacts& facts, Report& report);
void LoneAnonymousOperation(const DocumentFacts& facts, Report& report);
void SubscriptionSingleRootField(const DocumentFacts& facts, Report& report);
void KnownTypeNames(const DocumentFacts& facts, Report& report);
void FragmentsOnCompositeTypes(const DocumentFacts& facts, Report& report);
void VariablesAreInputTypes(const DocumentFacts& facts, Report& report);
void ScalarLeafs(const DocumentFacts& facts, Report& report);
void FieldsOnCorrectType(const DocumentFacts& facts, Report& report);
void UniqueFragmentNames(const DocumentFacts& facts, Report& report);
void KnownFragmentNames(const DocumentFacts& facts, Report& report);
void NoUnusedFragments(const DocumentFacts& facts, Report& report);
void PossibleFragmentSpreads(const DocumentFacts& facts, Report& report);
void NoFragmentCycles(const DocumentFacts& facts, Report& report);
void UniqueVariableNames(const DocumentFacts& facts, Report& report);
void NoUndefinedVariables(const DocumentFacts& facts, Report& report);
void NoUnusedVariables(const DocumentFacts& facts, Report& report);
void KnownDirectives(const DocumentFacts& facts, Report& report);
void UniqueDirectivesPerLocation(const DocumentFacts& facts, Report& report);
void KnownArgumentNames(const DocumentFacts& facts, Report& report);
void UniqueArgumentNames(const DocumentFacts& facts, Report& report);
void ValuesOfCorrectType(const DocumentFacts& facts, Report& report);
void ProvidedRequiredArguments(const DocumentFacts& facts, Report& report);
void VariablesInAllowedPosition(const DocumentFacts& facts, Report& report);
void OverlappingFieldsCanBeMerged(const DocumentFacts& facts, Report& report);
void UniqueInputFieldNames(const DocumentFacts& facts, Report& report);

}  // namespace rules

}  // namespace threefactor::validation
