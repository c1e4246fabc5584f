#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

namespace {

// "a fragment spread" for "FRAGMENT_SPREAD".
std::string Describe(std::string_view location) {
  std::string text = location.front() == 'I' ? "an " : "a ";
  for (const char c : location) text.push_back(c == '_' ? ' ' : static_cast<char>(std::tolower(c)));
  return text;
}

}  // namespace

Mistake DirectiveMistake(const schema::Schema& schema, const language::Directive& directive,
                         std::string_view location) {
  const schema::Directive* known = schema.FindDirective(directive.name);
  if (known == nullptr) return fmt::format("directive \"{}\" is not defined in the schema", directive.name);
  if (std::find(known->locations.begin(), known->locations.end(), location) != known->locations.end()) {
    return std::nullopt;
  }
  return fmt::format("directive \"{}\" is not allowed on {}", directive.name, Describe(location));
}

// Sections 5.7.1 and 5.7.2.
void KnownDirectives(const DocumentFacts& facts, Report& report) {
  for (const DirectivesFact& directives : facts.directives) {
    for (const language::Directive& directive : *directives.list) {
      if (auto mistake = DirectiveMistake(*facts.schema, directive, directives.location)) {
        report.Add(*std::move(mistake), {directive.offset});
      }
    }
  }
}

}  // namespace threefactor::validation::rules
