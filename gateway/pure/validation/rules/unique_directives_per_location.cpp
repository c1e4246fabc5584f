#include <fmt/format.h>

#include <unordered_map>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::vector<RepeatedDirective> RepeatedDirectives(const schema::Schema& schema,
                                                  const std::vector<language::Directive>& directives) {
  std::vector<RepeatedDirective> repeated;
  if (directives.size() < 2) return repeated;
  std::unordered_map<std::string_view, std::uint32_t> first;
  for (const language::Directive& directive : directives) {
    const schema::Directive* known = schema.FindDirective(directive.name);
    if (known == nullptr || known->is_repeatable) continue;
    const auto [before, is_new] = first.emplace(directive.name, directive.offset);
    if (!is_new) repeated.push_back({directive.name, before->second, directive.offset});
  }
  return repeated;
}

std::string RepeatedDirectivesMessage(std::string_view names) {
  return fmt::format("the following directives are used more than once: {}", names);
}

// GraphQL specification, "Directives Are Unique per Location".
void UniqueDirectivesPerLocation(const DocumentFacts& facts, Report& report) {
  for (const DirectivesFact& directives : facts.directives) {
    for (const RepeatedDirective& repeated : RepeatedDirectives(*facts.schema, *directives.list)) {
      report.Add(RepeatedDirectivesMessage(repeated.name), {repeated.first, repeated.again});
    }
  }
}

}  // namespace threefactor::validation::rules
