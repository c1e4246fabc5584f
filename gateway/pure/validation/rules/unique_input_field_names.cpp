#include <fmt/format.h>

#include <unordered_map>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::string RepeatedInputField(std::string_view name) {
  return fmt::format("field \"{}\" is given more than once", name);
}

namespace {

// Recursion as deep as the document nests, which its parser bounds.
void Check(const language::Value& value, Report& report) {
  for (const language::Value& item : value.items) Check(item, report);
  if (value.fields.empty()) return;
  std::unordered_map<std::string_view, std::uint32_t> first;
  for (const language::ObjectField& field : value.fields) {
    Check(field.value, report);
    const auto [known, is_new] = first.emplace(field.name, field.offset);
    if (is_new) continue;
    report.Add(RepeatedInputField(field.name), {known->second, field.offset});
  }
}

}  // namespace

// GraphQL specification, "Input Object Field Uniqueness".
void UniqueInputFieldNames(const DocumentFacts& facts, Report& report) {
  for (const ValueFact& value : facts.values) Check(*value.syntax, report);
}

}  // namespace threefactor::validation::rules
