#include "definition/backoff.hpp"

#include <catch2/catch.hpp>

#include "http/retry_after.hpp"

using namespace threefactor;
using namespace threefactor::delivery;
using namespace std::chrono_literals;

TEST_CASE("the default rule retries for three days, by the schedule of Standard Webhooks") {
  const RetryRule rule;
  CHECK(NextPause(rule, 1, 0, {}) == 5s);
  CHECK(NextPause(rule, 2, 0, {}) == 5min);
  CHECK(NextPause(rule, 9, 0, {}) == 24h);
  Milliseconds all{0};
  for (int made = 1; made < rule.attempts; made++) all += NextPause(rule, made, 0, {});
  CHECK(all == 75h + 35min + 5s);
}

TEST_CASE("a schedule goes on with its last pause; the jitter only lengthens") {
  RetryRule rule;
  rule.pauses = {1s, 10s};
  CHECK(NextPause(rule, 1, 0.5, {}) == 1100ms);
  CHECK(NextPause(rule, 2, 0, {}) == 10s);
  CHECK(NextPause(rule, 1000, 0.999, {}) < 12s);
  CHECK(NextPause(rule, 1000, 0, {}) == 10s);
}

TEST_CASE("exponential backoff: interval * 2^(made - 1), capped, and up to a fifth more") {
  RetryRule rule;
  rule.backoff = Backoff::kExponential;
  rule.interval = 1s;
  rule.max_interval = 60s;
  CHECK(NextPause(rule, 1, 0.5, {}) == 1100ms);
  CHECK(NextPause(rule, 3, 0, {}) == 4s);
  CHECK(NextPause(rule, 100, 0.5, {}) == 66s);
  CHECK(NextPause(rule, 2000000000, 0.5, {}) == 66s);
}

TEST_CASE("fixed backoff is the interval") {
  RetryRule rule;
  rule.backoff = Backoff::kFixed;
  rule.interval = 10s;
  CHECK(NextPause(rule, 7, 0.3, {}) == 10s);
}

TEST_CASE("Retry-After lengthens a pause, up to the longest interval, and never shortens it") {
  RetryRule rule;
  rule.backoff = Backoff::kFixed;
  rule.interval = 5s;
  rule.max_interval = 60s;
  CHECK(NextPause(rule, 1, 0.3, 17s) == 17s);
  CHECK(NextPause(rule, 1, 0.3, 3600s) == 60s);
  CHECK(NextPause(rule, 1, 0.3, 0s) == 5s);
  rule.max_interval = 1s;
  CHECK(NextPause(rule, 1, 0.3, 17s) == 1s);
}

TEST_CASE("which statuses are retried") {
  RetryRule rule;
  CHECK(StatusIsRetried(rule, 404));
  rule.statuses = {500, 503};
  CHECK(StatusIsRetried(rule, 503));
  CHECK_FALSE(StatusIsRetried(rule, 404));
  CHECK(StatusIsRetried(rule, 0));  // no answer
}

TEST_CASE("Retry-After is seconds or a date") {
  const std::int64_t now = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT
  CHECK(ParseRetryAfter("120", now) == 120s);
  CHECK(ParseRetryAfter(" 0 ", now) == 0s);
  CHECK(ParseRetryAfter("Sun, 06 Nov 1994 08:50:37 GMT", now) == 60s);
  CHECK(ParseRetryAfter("Sunday, 06-Nov-94 08:50:37 GMT", now) == 60s);
  CHECK(ParseRetryAfter("Sun Nov  6 08:50:37 1994", now) == 60s);
  CHECK(ParseRetryAfter("Sun, 06 Nov 1994 08:00:00 GMT", now) == 0s);
  CHECK(ParseRetryAfter("99999999999999999999", now) > 3600s);
  for (const char* text : {"", " ", "\r\n", " \t\r\n", "+5", "1e3", "5 s", "5, 6", "soon", "-5", "1.5", "12 pm: never"})
    CHECK_FALSE(ParseRetryAfter(text, now));
}
