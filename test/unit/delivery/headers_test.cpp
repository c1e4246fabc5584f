#include "delivery/pure/headers.hpp"

#include <algorithm>
#include <cstring>

#include <catch2/catch.hpp>

#include "delivery/pure/text.hpp"

using namespace threefactor::delivery;

namespace {

const char* Lookup(const char* name) {
  if (std::strcmp(name, "WEBHOOK_HOST") == 0) return "http://host:1";
  if (std::strcmp(name, "EVENT_BAD") == 0) return "a\r\nb";
  if (std::strcmp(name, "SECRET") == 0) return "secret";
  return nullptr;
}

const Environment kEnvironment("WEBHOOK_*, EVENT_BAD", Lookup);
const UuidBytes kKey = ParseUuid("8ff867eb-2d24-8f46-b3ab-097a7aaa94d6");

bool Has(const std::vector<std::string>& headers, const std::string& line) {
  return std::find(headers.begin(), headers.end(), line) != headers.end();
}

}  // namespace

TEST_CASE("variables in the URL, of the permitted names only") {
  CHECK(ExpandUrl("http://a/b", kEnvironment) == "http://a/b");
  CHECK(ExpandUrl("{{WEBHOOK_HOST}}/x", kEnvironment) == "http://host:1/x");
  CHECK(ExpandUrl("{{ WEBHOOK_HOST }}/x?{{WEBHOOK_HOST}}", kEnvironment) == "http://host:1/x?http://host:1");
  for (const char* webhook : {"{{SECRET}}/x", "{{WEBHOOK_UNSET}}/x", "{{WEBHOOK_HOST/x", "http://a/{{EVENT_BAD}}",
                              "ftp://a", "file:///etc/passwd", "http://a b", "http://a\nb", ""})
    CHECK_THROWS_AS(ExpandUrl(webhook, kEnvironment), CannotPost);
  CHECK_THROWS_AS(ExpandUrl("http://" + std::string(10000, 'x'), kEnvironment), CannotPost);
}

TEST_CASE("the standard headers, and the configured ones that do not clash") {
  Event event;
  event.trace_context = R"({"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331"})";
  const auto headers = MakeHeaders({{"X-A", "value", false},
                                    {"X-Host", "WEBHOOK_HOST", true},
                                    {"idempotency-KEY", "mine", false},
                                    {"X-No", "", false}},
                                   kEnvironment, {kKey, 3, 1700000000, event});
  CHECK(Has(headers, "Content-Type: application/json"));
  CHECK(Has(headers, "Idempotency-Key: \"8ff867eb-2d24-8f46-b3ab-097a7aaa94d6\""));
  CHECK(Has(headers, "webhook-id: 8ff867eb-2d24-8f46-b3ab-097a7aaa94d6"));
  CHECK(Has(headers, "webhook-timestamp: 1700000000"));
  CHECK(Has(headers, "Threefactor-Attempt: 3"));
  CHECK(Has(headers, "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
  CHECK(Has(headers, "X-A: value"));
  CHECK(Has(headers, "X-Host: http://host:1"));
  CHECK(Has(headers, "X-No;"));
  CHECK(headers.size() == 9);
}

TEST_CASE("headers that would break the request are refused") {
  const Event event;
  const HeaderContext context{kKey, 1, 0, event};
  for (const HeaderRule& rule : std::vector<HeaderRule>{{"X-A", "a\r\nX-B: b", false},
                                                        {"X-A", "EVENT_BAD", true},
                                                        {"X-A", "SECRET", true},
                                                        {"X A", "a", false},
                                                        {"X-A:", "a", false},
                                                        {"", "a", false},
                                                        {"X-A", std::string(10000, 'x'), false}})
    CHECK_THROWS_AS(MakeHeaders({rule}, kEnvironment, context), CannotPost);
}

TEST_CASE("traceparent from whatever is in the trace context") {
  CHECK(TraceParent(R"({"span_id":"1","trace_id":"ABC"})") ==
        "00-00000000000000000000000000000abc-0000000000000001-01");
  for (const char* context : {"null", "{}", R"({"trace_id":"x","span_id":"1"})", R"({"trace_id":"0","span_id":"1"})",
                              R"({"trace_id":"1"})", R"({"trace_id":1,"span_id":2})", R"({"trace_id":"1)"})
    CHECK(TraceParent(context).empty());
}
