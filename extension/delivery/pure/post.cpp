#include "delivery/pure/post.hpp"

#include "delivery/pure/body.hpp"
#include "delivery/pure/retry_after.hpp"
#include "delivery/pure/text.hpp"

namespace threefactor::delivery {

namespace {
constexpr std::int64_t kMicroseconds = 1000000;
constexpr int kGone = 410;
}  // namespace

HttpRequest MakeRequest(const Delivery& delivery, const Definitions& definitions, const Environment& environment,
                        Time now) {
  const EventTrigger& trigger = definitions.triggers.at(delivery.trigger_id);
  const Definition& current = definitions.definitions.at(trigger.definition_id);
  if (!current.problem.empty()) throw CannotPost(current.problem);
  const auto found = definitions.definitions.find(delivery.definition_id);
  const Definition& captured = found == definitions.definitions.end() ? current : found->second;
  Content content = MakeContent(captured.body, {*delivery.event, delivery.key, trigger.name, captured.payload,
                                                delivery.attempts, std::max(current.retry.attempts - 1, 0)});

  HttpRequest request;
  request.url = ExpandUrl(current.webhook, environment);
  request.headers = MakeHeaders(current, environment,
                                {delivery.key, delivery.attempts + 1, now / kMicroseconds + kSecondsTo2000,
                                 delivery.event->trace_context, content});
  request.body = std::move(content.body);
  request.timeout = current.retry.timeout;
  request.validate = current.validate;
  return request;
}

Attempt Judge(Delivery delivery, const HttpAnswer& answer, const JudgeContext& context) {
  Attempt attempt;
  attempt.delivery = std::move(delivery);
  attempt.started_at = context.now - static_cast<Time>(answer.duration * 1000);
  attempt.duration = answer.duration;
  attempt.status = answer.status;
  attempt.response = ReadableText(answer.body, context.keep, context.ascii_only);
  attempt.error = ReadableText(answer.error, 1000, context.ascii_only);
  const int made = attempt.delivery.attempts + 1;
  attempt.gone = answer.status == kGone;
  if (answer.status >= 200 && answer.status < 300) {
    attempt.outcome = Outcome::kDelivered;
  } else if (attempt.gone || (made < context.rule.attempts && StatusIsRetried(context.rule, answer.status))) {
    std::optional<Milliseconds> retry_after;
    if (answer.retry_after)
      retry_after = ParseRetryAfter(*answer.retry_after, context.now / kMicroseconds + kSecondsTo2000);
    attempt.outcome = Outcome::kRetrying;
    attempt.next_attempt_at = context.now + NextPause(context.rule, made, context.chance, retry_after).count() * 1000;
  } else {
    attempt.outcome = Outcome::kDead;
  }
  return attempt;
}

Attempt Refused(Delivery delivery, std::string_view why, Time now) {
  Attempt attempt;
  attempt.delivery = std::move(delivery);
  attempt.outcome = Outcome::kDead;
  attempt.started_at = now;
  attempt.error = ReadableText(why, 1000, false);
  return attempt;
}

}  // namespace threefactor::delivery
