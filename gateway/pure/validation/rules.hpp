// The rules by which a document is valid (GraphQL specification, October 2021 and September 2025, section 5), each in a
// file of its own (rules/), named as the specification's reference implementation names it. A file has two functions:
//   - what the rule says of one place, in the words of the dialect. The gateway asks it while it builds an operation:
//     only of what is executed, and at the first mistake it stops, with the path (DECISIONS.md);
//   - the rule, which asks it of every place of a document and reports each mistake. It assumes nothing of the others.
#pragma once

#include <cstdint>
#include <optional>
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

using Mistake = std::optional<std::string>;

std::string RepeatedOperation(std::string_view name);
std::string UnknownType(std::string_view name);
Mistake FragmentTypeMistake(const schema::Type& condition);
Mistake VariableTypeMistake(const language::VariableDefinition& variable, const schema::Type& type);
Mistake LeafMistake(const language::Selection& selection, const schema::Field& field);
std::string UnknownField(std::string_view name, const schema::Type& parent);
std::string RepeatedFragment(std::string_view name);
std::string UnknownFragment(std::string_view name);
Mistake SpreadMistake(const schema::Schema& schema, const schema::Type& condition, const schema::Type& parent);
std::string FragmentCycle(const std::vector<std::string_view>& names);
std::string RepeatedVariable(std::string_view name);
std::string UnboundVariable(std::string_view name);
// `location`: the specification's name for it.
Mistake DirectiveMistake(const schema::Schema& schema, const language::Directive& directive, std::string_view location);
struct RepeatedDirective {
  std::string_view name;
  std::uint32_t first;
  std::uint32_t again;
};
std::vector<RepeatedDirective> RepeatedDirectives(const schema::Schema& schema,
                                                  const std::vector<language::Directive>& directives);
std::string RepeatedDirectivesMessage(std::string_view names);
std::string UnknownArgument(std::string_view owner, std::string_view name);
std::string RepeatedArgument(std::string_view name);
std::string MissingField(std::string_view name);
// Null items of a list that a place does not take: told by the type of the variable, as the specification has it, or
// seen only in the values, as the dialect has it (there [T]! is allowed where [T!]! is wanted).
enum class NullItems { kByType, kInValues };
Mistake VariableUseMistake(const language::VariableDefinition& variable, const schema::TypeRef& type,
                           const Place& place, bool place_has_default, NullItems null_items);
// Of two mentions with one response key on one object: the field and its arguments.
Mistake MergeMistake(const language::Selection& first, const language::Selection& second);
std::string RepeatedInputField(std::string_view name);

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
