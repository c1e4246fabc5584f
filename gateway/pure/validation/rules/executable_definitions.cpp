#include <fmt/format.h>

#include "validation/rules.hpp"

namespace threefactor::validation::rules {

// GraphQL specification, "Executable Definitions". The parser of requests refuses others; that of suites keeps them.
void ExecutableDefinitions(const DocumentFacts& facts, Report& report) {
  for (const language::OtherDefinition& definition : facts.document->others) {
    report.Add(fmt::format("the definition of \"{}\" is not executable", definition.name), {definition.offset});
  }
}

}  // namespace threefactor::validation::rules
