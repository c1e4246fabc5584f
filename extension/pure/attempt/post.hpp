// From a delivery to an HTTP request, and from the answer to the attempt's outcome.
#pragma once

#include "attempt/delivery.hpp"
#include "definition/definition.hpp"
#include "http/request.hpp"
#include "message/body.hpp"
#include "message/headers.hpp"

namespace threefactor::delivery {

inline constexpr std::int64_t kSecondsTo2000 = 946684800;  // from 1970
inline constexpr std::size_t kMostApplied = 1 << 20;       // bytes of a response

// The webhook, headers, secrets and retry rule are those of the event trigger's current definition; the body is that of
// the definition that captured the event, so that no replacement changes it between attempts. Throws CannotPost.
// REQUIRES: the event trigger exists.
HttpRequest MakeRequest(const Delivery& delivery, const Definitions& definitions, const Environment& environment,
                        Time now);

// What the body of a delivery is made from.
BodySource SourceOf(const Delivery& delivery, const Definitions& definitions);

struct JudgeContext {
  const RetryRule& rule;
  Time now;
  double chance;  // in [0, 1), for the jitter
  std::size_t keep;
  bool ascii_only;  // see ReadableText
  std::string_view apply_error =
      {};  // why an answer that succeeded could not be applied; empty: it was, or need not be
};

// The attempt that `answer` ended. An answer that could not be applied is a failure that is retried. 410 (Gone) is
// never the last: the event trigger is paused, and the delivery waits for it to be resumed.
Attempt Judge(Delivery delivery, const HttpAnswer& answer, const JudgeContext& context);

// What the answer says of the endpoint: a failure unless it is 2xx, or one that is not retried and so the event's own.
Effect EffectOf(const RetryRule& rule, int status);

// The attempt that could not be made.
Attempt Refused(Delivery delivery, std::string_view why, Time now);

}  // namespace threefactor::delivery
