#include "apply_task/task.hpp"

#include <catch2/catch.hpp>

#include "attempt/post.hpp"

using namespace threefactor;
using namespace threefactor::delivery;

namespace {

Definitions WithApply(std::optional<ApplyRule> rule) {
  Definitions definitions;
  definitions.definitions[1].apply = std::move(rule);
  definitions.triggers[5] = {5, "approve", 1, false};
  return definitions;
}

Delivery OfOrder() {
  Event event;
  event.operation = "INSERT";
  event.new_row = R"({"id":1})";
  Delivery delivery;
  delivery.event = std::make_shared<const Event>(std::move(event));
  delivery.definition_id = 1;
  delivery.trigger_id = 5;
  return delivery;
}

HttpAnswer Answer(int status, std::string body) {
  HttpAnswer answer;
  answer.id = 9;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

}  // namespace

TEST_CASE("apply: of an answer that succeeded, where the event trigger has a statement now") {
  const Definitions with = WithApply(ApplyRule{"SELECT $2", "public", 4711});
  CHECK(apply::IsToBeApplied(OfOrder(), Answer(204, ""), with));
  CHECK_FALSE(apply::IsToBeApplied(OfOrder(), Answer(302, ""), with));
  CHECK_FALSE(apply::IsToBeApplied(OfOrder(), Answer(0, ""), with));
  CHECK_FALSE(apply::IsToBeApplied(OfOrder(), Answer(200, ""), WithApply(std::nullopt)));
  CHECK_FALSE(apply::IsToBeApplied(OfOrder(), Answer(200, ""), Definitions{}));

  const apply::Task task = apply::MakeTask(OfOrder(), Answer(200, "{}"), with);
  CHECK(task.role == 4711);
  CHECK(task.trigger_id == 5);
  CHECK(task.job.id == 9);
  CHECK(task.job.statement == "SELECT $2");
  CHECK(task.job.response == "{}");
  CHECK(task.job.event.find(R"("new":{"id":1})") != std::string::npos);
  CHECK(task.job.event.find(task.job.key) != std::string::npos);
}

TEST_CASE("apply: answers that no statement could take") {
  Delivery delivery;
  delivery.event = std::make_shared<Event>();
  CHECK(apply::Unfit(delivery, Answer(200, "{}")).empty());
  CHECK(apply::Unfit(delivery, Answer(200, std::string(kMostApplied, ' '))).empty());
  CHECK(apply::Unfit(delivery, Answer(200, std::string(kMostApplied + 1, ' '))) == "the response is larger than 1 MB");
  CHECK(apply::Unfit(delivery, Answer(200, "\"\xff\"")) == "the response is not UTF-8");
  CHECK(apply::Unfit(delivery, Answer(200, std::string("\0", 1))) == "the response is not UTF-8");
}

TEST_CASE("apply: an answer that could not be applied is retried, whatever statuses the rule names") {
  RetryRule rule;
  rule.attempts = 2;
  rule.statuses = {503};
  JudgeContext context{rule, 0, 0, 100, false, "apply: no"};
  Delivery delivery = OfOrder();
  const Attempt first = Judge(delivery, Answer(200, "{}"), context);
  CHECK(first.outcome == Outcome::kRetrying);
  CHECK(first.status == 200);
  CHECK(first.error == "apply: no");
  delivery.attempts = 1;
  CHECK(Judge(delivery, Answer(200, "{}"), context).outcome == Outcome::kDead);
  context.apply_error = "";
  CHECK(Judge(delivery, Answer(200, "{}"), context).outcome == Outcome::kDelivered);
}
