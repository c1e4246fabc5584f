#include "attempt/failure.hpp"

#include "attempt/post.hpp"
#include "text/text.hpp"

namespace threefactor::delivery {

namespace {

OptionalText Unless(bool absent, std::string text) {
  return absent ? std::nullopt : OptionalText(std::move(text));
}

std::string ShortReport(Attempt attempt, const Definitions& definitions) {
  auto event = std::make_shared<Event>(*attempt.delivery.event);
  event->old_row.reset();
  event->new_row.reset();
  attempt.delivery.event = std::move(event);
  attempt.error += attempt.error.empty() ? "" : "; ";
  attempt.error += "the event's data is too large to be told";
  return FailureReport(attempt, definitions);
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

void ReportFailures(std::vector<Attempt>& finished, const Definitions& definitions, std::size_t most_bytes) {
  for (Attempt& attempt : finished) {
    if (attempt.outcome != Outcome::kDead) continue;
    const auto trigger = definitions.triggers.find(attempt.delivery.trigger_id);
    if (trigger == definitions.triggers.end() || trigger->second.error_definition == 0) continue;
    std::string report;
    if (attempt.delivery.event->Size() <= most_bytes) report = FailureReport(attempt, definitions);
    if (report.empty() || report.size() > most_bytes) report = ShortReport(attempt, definitions);
    attempt.failure = {trigger->second.error_definition, std::move(report)};
  }
}

}  // namespace threefactor::delivery
