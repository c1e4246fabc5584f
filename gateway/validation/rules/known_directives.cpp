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

// Sections 5.7.1 and 5.7.2.
void KnownDirectives(const DocumentFacts& facts, Report& report) {
  for (const DirectivesFact& directives : facts.directives) {
    for (const language::Directive& directive : *directives.list) {
      const schema::Directive* known = facts.schema->FindDirective(directive.name);
      if (known == nullptr) {
        report.Add(fmt::format("directive \"{}\" is not defined in the schema", directive.name), {directive.offset});
      } else if (std::find(known->locations.begin(), known->locations.end(), directives.location) ==
                 known->locations.end()) {
        report.Add(fmt::format("directive \"{}\" is not allowed on {}", directive.name, Describe(directives.location)),
                   {directive.offset});
      }
    }
  }
}

}  // namespace threefactor::validation::rules
