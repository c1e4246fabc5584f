#include "delivery/pure/failure.hpp"

#include "delivery/pure/post.hpp"
#include "delivery/pure/text.hpp"

namespace threefactor::delivery {

namespace {

OptionalText Unless(bool absent, std::string text) {
  return absent ? std::nullopt : OptionalText(std::move(text));
}

}  // namespace

std::string FailureReport(const Attempt& attempt, const Definitions& definitions) {
  const Delivery& delivery = attempt.delivery;
  const bool answered = attempt.status != 0;
  std::string report = R"({"error":)";
  AppendText(report, Unless(attempt.error.empty(), attempt.error));
  report += R"(,"status":)";
  AppendJson(report, Unless(!answered, std::to_string(attempt.status)));
  report += R"(,"response":)";
  AppendText(report, Unless(!answered, attempt.response));
  report += R"(,"attempts":)";
  report += std::to_string(delivery.attempts + 1);
  report += R"(,"failed_at":")";
  report += TimeText(attempt.started_at + static_cast<Time>(attempt.duration * 1000));
  report += R"(","event":)";
  report += MakeContent(BodyProfile::kHasura, SourceOf(delivery, definitions)).body;
  report += '}';
  return report;
}

void ReportFailures(State& state, const Definitions& definitions) {
  for (Attempt& attempt : state.finished) {
    if (attempt.outcome != Outcome::kDead) continue;
    const auto trigger = definitions.triggers.find(attempt.delivery.trigger_id);
    if (trigger == definitions.triggers.end() || trigger->second.error_definition == 0) continue;
    attempt.failure = {trigger->second.error_definition, FailureReport(attempt, definitions)};
  }
}

}  // namespace threefactor::delivery
