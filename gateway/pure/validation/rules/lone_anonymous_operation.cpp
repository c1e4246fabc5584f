#include "validation/rules.hpp"

namespace threefactor::validation::rules {

// GraphQL specification, "Lone Anonymous Operation".
void LoneAnonymousOperation(const DocumentFacts& facts, Report& report) {
  if (facts.document->operations.size() < 2) return;
  for (const language::OperationDefinition& operation : facts.document->operations) {
    if (operation.name.empty()) report.Add("an anonymous operation must be the only one", {operation.offset});
  }
}

}  // namespace threefactor::validation::rules
