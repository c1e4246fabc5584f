#include "attempt/failure.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace threefactor;
using namespace threefactor::delivery;

namespace {

Attempt Dead(std::int32_t trigger_id) {
  auto event = std::make_shared<Event>();
  event->operation = "INSERT";
  event->table_schema = "public";
  event->table_name = "orders";
  event->new_row = R"({"id":1,"note":"x"})";
  Attempt attempt;
  attempt.delivery.event = std::move(event);
  attempt.delivery.definition_id = 10;
  attempt.delivery.trigger_id = trigger_id;
  attempt.delivery.attempts = 2;
  attempt.outcome = Outcome::kDead;
  attempt.started_at = 1000000;
  attempt.duration = 500;
  return attempt;
}

Definitions WithErrorWebhook() {
  Definitions definitions;
  definitions.definitions[10].payload = {"id"};
  definitions.triggers[1] = {1, "pay", 10, false, 20};
  definitions.triggers[2] = {2, "pay/error", 20, false};
  return definitions;
}

const std::string kEvent =
    R"({"id":"00000000-0000-0000-0000-000000000000","created_at":"2000-01-01T00:00:00.000000Z",)"
    R"("table":{"schema":"public","name":"orders"},"trigger":{"name":"pay"},"event":{"op":"INSERT","data":)"
    R"({"old":null,"new":{"id":1}},"session_variables":null,"trace_context":null},)"
    R"("delivery_info":{"current_retry":2,"max_retries":9}})";

}  // namespace

TEST_CASE("a dead letter is reported with its event and its last attempt") {
  std::vector<Attempt> finished;
  finished.push_back(Dead(1));
  finished.back().status = 500;
  finished.back().response = "no \"way\"";
  finished.push_back(Dead(1));
  finished.back().error = "timed out";
  ReportFailures(finished, WithErrorWebhook(), 1u << 20);
  REQUIRE(finished[0].failure);
  CHECK(finished[0].failure->definition_id == 20);
  CHECK(finished[0].failure->report ==
        R"({"error":null,"status":500,"response":"no \"way\"","attempts":3,"failed_at":"2000-01-01T00:00:01.500000Z",)"
        R"("event":)" +
            kEvent + '}');
  CHECK(finished[1].failure->report ==
        R"({"error":"timed out","status":null,"response":null,"attempts":3,"failed_at":"2000-01-01T00:00:01.500000Z",)"
        R"("event":)" +
            kEvent + '}');
}

TEST_CASE("what is not dead, the failure of an error webhook, and that of a dropped event trigger are not reported") {
  std::vector<Attempt> finished;
  finished.push_back(Dead(2));
  finished.push_back(Dead(3));
  finished.push_back(Dead(1));
  finished.back().outcome = Outcome::kRetrying;
  ReportFailures(finished, WithErrorWebhook(), 1u << 20);
  for (const Attempt& attempt : finished) CHECK_FALSE(attempt.failure);
}

TEST_CASE("a report that is too large does not hold the event's rows, and says so") {
  std::vector<Attempt> finished;
  finished.push_back(Dead(1));
  auto event = std::make_shared<Event>(*finished[0].delivery.event);
  event->new_row = "\"" + std::string(2000, 'x') + "\"";
  finished[0].delivery.event = event;
  finished[0].error = "timed out";
  ReportFailures(finished, WithErrorWebhook(), 1500);
  const std::string& report = finished[0].failure->report;
  CHECK(report.size() < 1500);
  CHECK(report.find("timed out; the event's data is too large to be told") != std::string::npos);
  CHECK(finished[0].delivery.event->new_row == event->new_row);
}
