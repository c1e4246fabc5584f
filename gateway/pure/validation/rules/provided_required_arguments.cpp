#include <fmt/format.h>

#include <algorithm>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::string MissingField(std::string_view name) {
  return fmt::format("missing required field \"{}\"", name);
}

// GraphQL specification, "Required Arguments".
void ProvidedRequiredArguments(const DocumentFacts& facts, Report& report) {
  for (const ArgumentsFact& arguments : facts.arguments) {
    if (arguments.declared == nullptr) continue;
    for (const schema::InputField& declared : *arguments.declared) {
      if (!declared.type.IsNonNull() || declared.default_value) continue;
      const bool is_given =
          std::any_of(arguments.given->begin(), arguments.given->end(),
                      [&](const language::Argument& argument) { return argument.name == declared.name; });
      if (is_given) continue;
      report.Add(MissingField(declared.name), {arguments.owner_offset});
    }
  }
}

}  // namespace threefactor::validation::rules
