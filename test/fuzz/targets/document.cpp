#include "base/error.hpp"
#include "language/parser.hpp"
#include "targets.hpp"
#include "unit/support/catalog.hpp"
#include "validation/rules.hpp"

namespace threefactor::fuzz {

void Document(std::string_view input) {
  Limits limits;
  limits.document_bytes = 1 << 16;
  try {
    const language::Document document = language::Parse(input, limits);
    const auto facts = validation::GatherFacts(test::OrdersSchema(), document);
    const auto violations = validation::FindViolations(facts, validation::SpecifiedRules());
    Require(violations.size() <= validation::Report::kMost);
    for (const validation::Violation& violation : violations) {
      for (const std::uint32_t offset : violation.offsets) Require(offset < input.size());
    }
  } catch (const Error&) {
  }
}

}  // namespace threefactor::fuzz
