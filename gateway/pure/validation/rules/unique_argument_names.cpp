#include <fmt/format.h>

#include <map>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

std::string RepeatedArgument(std::string_view name) {
  return fmt::format("argument \"{}\" is given more than once", name);
}

// GraphQL specification, "Argument Uniqueness".
void UniqueArgumentNames(const DocumentFacts& facts, Report& report) {
  for (const ArgumentsFact& arguments : facts.arguments) {
    if (arguments.given->size() < 2) continue;
    std::map<std::string_view, std::vector<std::uint32_t>> offsets;
    for (const language::Argument& argument : *arguments.given) offsets[argument.name].push_back(argument.offset);
    for (auto& [name, where] : offsets) {
      if (where.size() > 1) report.Add(RepeatedArgument(name), std::move(where));
    }
  }
}

}  // namespace threefactor::validation::rules
