#include "attempt/post.hpp"

#include <catch2/catch.hpp>

using namespace threefactor;
using namespace threefactor::delivery;
using namespace std::chrono_literals;

namespace {

const Environment kEnvironment("", [](const char*) -> const char* { return nullptr; });

Delivery OneDelivery(int attempts = 0) {
  auto event = std::make_shared<Event>();
  event->operation = "INSERT";
  event->new_row = R"({"a":1,"b":2})";
  Delivery delivery;
  delivery.event = std::move(event);
  delivery.definition_id = 10;
  delivery.trigger_id = 1;
  delivery.attempts = attempts;
  return delivery;
}

Definitions Replaced() {  // 10 captured the event, 11 is the current one
  Definitions definitions;
  definitions.definitions[10] = {10, 1, "http://old/", {}, std::vector<std::string>{"a"}, {}, ""};
  definitions.definitions[11] = {11, 1, "http://new/", {}, std::nullopt, {}, ""};
  definitions.definitions[11].retry.attempts = 5;
  definitions.triggers[1] = {1, "t", 11, false};
  return definitions;
}

Attempt JudgeOf(int status, int attempts, const RetryRule& rule, std::optional<std::string> retry_after = {}) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = "body";
  answer.duration = 2;
  answer.retry_after = std::move(retry_after);
  return Judge(OneDelivery(attempts), answer, {rule, 1000000, 0.5, 100, false});
}

}  // namespace

TEST_CASE("posted where the current definition says, with the payload of the one that captured it") {
  const HttpRequest request = MakeRequest(OneDelivery(1), Replaced(), kEnvironment, 0);
  CHECK(request.url == "http://new/");
  CHECK(request.body.find(R"("new":{"a":1})") != std::string::npos);
  CHECK(request.body.find(R"("current_retry":1,"max_retries":4)") != std::string::npos);
}

TEST_CASE("the body's profile is that of the definition that captured the event") {
  Definitions definitions = Replaced();
  definitions.definitions[10].body = BodyProfile::kSupabase;
  CHECK(MakeRequest(OneDelivery(), definitions, kEnvironment, 0).body.starts_with(R"({"type":"INSERT",)"));
}

TEST_CASE("a definition with a problem cannot be posted") {
  Definitions definitions = Replaced();
  definitions.definitions[11].problem = "unusable";
  CHECK_THROWS_WITH(MakeRequest(OneDelivery(), definitions, kEnvironment, 0), "unusable");
}

TEST_CASE("outcomes") {
  RetryRule rule;
  rule.attempts = 3;
  rule.backoff = Backoff::kFixed;
  rule.interval = 10s;
  CHECK(JudgeOf(200, 0, rule).outcome == Outcome::kDelivered);
  CHECK(JudgeOf(299, 2, rule).outcome == Outcome::kDelivered);
  CHECK(JudgeOf(302, 0, rule).outcome == Outcome::kRetrying);
  CHECK(JudgeOf(0, 1, rule).outcome == Outcome::kRetrying);
  CHECK(JudgeOf(500, 0, rule).next_attempt_at == 11000000);
  CHECK(JudgeOf(500, 0, rule, "3").next_attempt_at == 11000000);  // no less than the rule's own pause
  CHECK(JudgeOf(500, 0, rule, "0").next_attempt_at == 11000000);
  CHECK(JudgeOf(500, 0, rule, "\r\n").next_attempt_at == 11000000);
  CHECK(JudgeOf(500, 0, rule, "13").next_attempt_at == 14000000);
  CHECK(JudgeOf(500, 0, rule, "never").next_attempt_at == 11000000);
  CHECK(JudgeOf(500, 2, rule).outcome == Outcome::kDead);
  CHECK(JudgeOf(500, 2, rule, "3").outcome == Outcome::kDead);  // Retry-After gives no further attempt
  rule.statuses = {500};
  CHECK(JudgeOf(404, 0, rule).outcome == Outcome::kDead);
  CHECK(JudgeOf(500, 0, rule).started_at == 1000000 - 2000);
}

TEST_CASE("410 is never the end of a delivery") {
  RetryRule rule;
  rule.attempts = 1;
  rule.statuses = {500};
  const Attempt attempt = JudgeOf(410, 0, rule);
  CHECK(attempt.outcome == Outcome::kRetrying);
  CHECK(attempt.gone);
  CHECK_FALSE(JudgeOf(404, 0, rule).gone);
}

TEST_CASE("what an answer says of the endpoint") {
  RetryRule rule;
  CHECK(EffectOf(rule, 204) == Effect::kSuccess);
  CHECK(EffectOf(rule, 0) == Effect::kFailure);
  CHECK(EffectOf(rule, 404) == Effect::kFailure);
  rule.statuses = {503};
  CHECK(EffectOf(rule, 404) == Effect::kSuccess);  // final: the event's own
  CHECK(EffectOf(rule, 503) == Effect::kFailure);
}

TEST_CASE("the attempts end, whatever the answers ask for") {
  RetryRule rule;
  rule.attempts = 4;
  rule.backoff = Backoff::kExponential;
  rule.max_interval = 60s;
  for (const char* retry_after : {"0", "99999999999999999999", "Sun, 06 Nov 2094 08:49:37 GMT", "nonsense"}) {
    int made = 0;
    for (Attempt attempt; attempt.outcome != Outcome::kDead; made++) {
      REQUIRE(made < 4);
      attempt = JudgeOf(503, made, rule, retry_after);
      if (attempt.outcome == Outcome::kDead) continue;
      CHECK(attempt.next_attempt_at >= 1000000);
      CHECK(attempt.next_attempt_at <= 1000000 + 60 * kSecond);
    }
    CHECK(made == 4);
  }
}
