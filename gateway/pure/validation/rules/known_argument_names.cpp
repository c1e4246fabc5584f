#include <fmt/format.h>

#include <algorithm>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::string UnknownArgument(std::string_view owner, std::string_view name) {
  return fmt::format("\"{}\" has no argument named \"{}\"", owner, name);
}

// GraphQL specification, "Argument Names".
void KnownArgumentNames(const DocumentFacts& facts, Report& report) {
  for (const ArgumentsFact& arguments : facts.arguments) {
    if (arguments.declared == nullptr) continue;
    for (const language::Argument& argument : *arguments.given) {
      const bool is_known =
          std::any_of(arguments.declared->begin(), arguments.declared->end(),
                      [&](const schema::InputField& declared) { return declared.name == argument.name; });
      if (is_known) continue;
      report.Add(UnknownArgument(arguments.owner, argument.name), {argument.offset});
    }
  }
}

}  // namespace threefactor::validation::rules
