#include "attempt/post.hpp"

#include "http/retry_after.hpp"
#include "text/text.hpp"

namespace threefactor::delivery {

namespace {
constexpr std::int64_t kMicroseconds = 1000000;
constexpr int kGone = 410;

bool IsAccepted(int status) {
  return status >= 200 && status < 300;
}

const Definition& CapturedBy(const Delivery& delivery, const Definitions& definitions, const Definition& current) {
  const auto found = definitions.definitions.find(delivery.definition_id);
  return found == definitions.definitions.end() ? current : found->second;
}

}  // namespace

BodySource SourceOf(const Delivery& delivery, const Definitions& definitions) {
  const EventTrigger& trigger = definitions.triggers.at(delivery.trigger_id);
  const Definition& current = definitions.definitions.at(trigger.definition_id);
  return {*delivery.event,   delivery.key,
          trigger.name,      CapturedBy(delivery, definitions, current).PayloadOf(delivery.event->operation),
          delivery.attempts, std::max(current.retry.attempts - 1, 0)};
}

HttpRequest MakeRequest(const Delivery& delivery, const Definitions& definitions, const Environment& environment,
                        Time now) {
  const EventTrigger& trigger = definitions.triggers.at(delivery.trigger_id);
  const Definition& current = definitions.definitions.at(trigger.definition_id);
  if (!current.problem.empty()) throw CannotPost(current.problem);
  if (!delivery.event->problem.empty()) throw CannotPost(delivery.event->problem);
  Content content = MakeContent(CapturedBy(delivery, definitions, current).body, SourceOf(delivery, definitions));

  HttpRequest request;
  request.url = ExpandUrl(current.webhook, environment);
  request.headers = MakeHeaders(current, environment,
                                {delivery.key, delivery.attempts + 1, now / kMicroseconds + kSecondsTo2000,
                                 delivery.event->trace_context, content});
  request.body = std::move(content.body);
  request.timeout = current.retry.timeout;
  if (current.apply) request.keep = kMostApplied;
  request.validate = current.validate;
  request.connect_timeout = current.retry.connect_timeout;
  return request;
}

Attempt Judge(Delivery delivery, const HttpAnswer& answer, const JudgeContext& context) {
  Attempt attempt;
  attempt.delivery = std::move(delivery);
  attempt.started_at = context.now - static_cast<Time>(answer.duration * 1000);
  attempt.duration = answer.duration;
  attempt.status = answer.status;
  attempt.response = ReadableText(answer.body, context.keep, context.ascii_only);
  const bool unapplied = !context.apply_error.empty();
  attempt.error = ReadableText(unapplied ? context.apply_error : answer.error, 1000, context.ascii_only);
  const int made = attempt.delivery.attempts + 1;
  attempt.gone = answer.status == kGone;
  if (IsAccepted(answer.status) && !unapplied) {
    attempt.outcome = Outcome::kDelivered;
  } else if (attempt.gone ||
             (made < context.rule.attempts && StatusIsRetried(context.rule, unapplied ? 0 : answer.status))) {
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

Effect EffectOf(const RetryRule& rule, int status) {
  return !IsAccepted(status) && StatusIsRetried(rule, status) ? Effect::kFailure : Effect::kSuccess;
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
