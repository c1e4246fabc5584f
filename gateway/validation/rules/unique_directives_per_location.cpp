#include <fmt/format.h>

#include <unordered_map>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

// Section 5.7.3.
void UniqueDirectivesPerLocation(const DocumentFacts& facts, Report& report) {
  for (const DirectivesFact& directives : facts.directives) {
    if (directives.list->size() < 2) continue;
    std::unordered_map<std::string_view, std::uint32_t> first;
    for (const language::Directive& directive : *directives.list) {
      const schema::Directive* known = facts.schema->FindDirective(directive.name);
      if (known == nullptr || known->is_repeatable) continue;
      const auto [before, is_new] = first.emplace(directive.name, directive.offset);
      if (is_new) continue;
      report.Add(fmt::format("the following directives are used more than once: {}", directive.name),
                 {before->second, directive.offset});
    }
  }
}

}  // namespace threefactor::validation::rules
