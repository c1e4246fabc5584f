#include "message/headers.hpp"

#include <algorithm>
#include <cstring>

#include <catch2/catch.hpp>

#include "text/text.hpp"

using namespace threefactor;
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
  CHECK(ExpandUrl("http://a/\u00fc%C3?q=\u4e16&r=%zz\"#\u00fc", kEnvironment) ==
        "http://a/%C3%BC%C3?q=%E4%B8%96&r=%zz%22");
  CHECK(ExpandUrl("http://a?\u00fc", kEnvironment) == "http://a?%C3%BC");
  CHECK(ExpandUrl("http://m\u00fcnchen.example:81/", kEnvironment) == "http://xn--mnchen-3ya.example:81/");
  CHECK(ExpandUrl("https://\u00fc:p@\u00c4.example?\u00fc", kEnvironment) == "https://%C3%BC:p@xn--4ca.example?%C3%BC");
  CHECK(ExpandUrl("http://[::1]:81/\u00fc", kEnvironment) == "http://[::1]:81/%C3%BC");
  CHECK_THROWS_WITH(ExpandUrl("http://a\u2028b/", kEnvironment), Catch::Contains("international domain name"));
  CHECK(ExpandUrl("{{ WEBHOOK_HOST }}/x?{{WEBHOOK_HOST}}", kEnvironment) == "http://host:1/x?http://host:1");
  for (const char* webhook : {"{{SECRET}}/x", "{{WEBHOOK_UNSET}}/x", "{{WEBHOOK_HOST/x", "http://a/{{EVENT_BAD}}",
                              "ftp://a", "file:///etc/passwd", "http://a b", "http://a\nb", ""})
    CHECK_THROWS_AS(ExpandUrl(webhook, kEnvironment), CannotPost);
  CHECK_THROWS_AS(ExpandUrl("http://" + std::string(10000, 'x'), kEnvironment), CannotPost);
}

TEST_CASE("the standard headers, and the configured ones that do not clash") {
  const OptionalText trace = R"({"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331"})";
  const Content content{"{}", "application/x", {"ce-id: 7"}};
  Definition definition;
  definition.headers = {
      {"X-A", "value", false},    {"X-Host", "WEBHOOK_HOST", true},       {"X-No", "", false},
      {"Host", "other", false},   {"idempotency-KEY", "mine", false},     {"TRACEPARENT", "mine", false},
      {"CE-Type", "mine", false}, {"Transfer-Encoding", "chunked", false}};
  const auto headers = MakeHeaders(definition, kEnvironment, {kKey, 3, 1700000000, trace, content});
  CHECK(headers == std::vector<std::string>{
                       "Content-Type: application/x",
                       "Idempotency-Key: \"8ff867eb-2d24-8f46-b3ab-097a7aaa94d6\"",
                       "webhook-id: 8ff867eb-2d24-8f46-b3ab-097a7aaa94d6",
                       "webhook-timestamp: 1700000000",
                       "Threefactor-Attempt: 3",
                       "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                       "ce-id: 7",
                       "X-A: value",
                       "X-Host: http://host:1",
                       "X-No;",
                   });
}

TEST_CASE("every secret signs") {
  const Content content{R"({"test": 2432232314})"};
  Definition definition;
  definition.secrets = {SigningKey("whsec_" + std::string(32, 'A')), SigningKey("whsec_" + std::string(32, 'B'))};
  const auto headers = MakeHeaders(definition, kEnvironment, {kKey, 1, 1614265330, {}, content});
  const auto sign = [&](const SigningKey& key) { return key.Sign(UuidText(kKey), "1614265330", content.body); };
  CHECK(Has(headers, "webhook-signature: " + sign(definition.secrets[0]) + ' ' + sign(definition.secrets[1])));
}

TEST_CASE("headers that would break the request are refused") {
  const Content content;
  for (const HeaderRule& rule : std::vector<HeaderRule>{{"X-A", "a\r\nX-B: b", false},
                                                        {"X-A", "EVENT_BAD", true},
                                                        {"X-A", "SECRET", true},
                                                        {"X A", "a", false},
                                                        {"X-A:", "a", false},
                                                        {"", "a", false},
                                                        {"X-A", std::string(10000, 'x'), false}}) {
    Definition definition;
    definition.headers = {rule};
    CHECK_THROWS_AS(MakeHeaders(definition, kEnvironment, {kKey, 1, 0, {}, content}), CannotPost);
  }
}

TEST_CASE("traceparent from whatever is in the trace context, else from the key") {
  CHECK(TraceParent(R"({"span_id":"1","trace_id":"ABC"})", kKey) ==
        "00-00000000000000000000000000000abc-0000000000000001-01");
  CHECK(TraceParent(R"({"span_id":"1","trace_id":"ABC","sampling_state":"0"})", kKey) ==
        "00-00000000000000000000000000000abc-0000000000000001-00");
  const std::string made = "00-8ff867eb2d248f46b3ab097a7aaa94d6-b3ab097a7aaa94d6-01";
  CHECK(TraceParent(std::nullopt, kKey) == made);
  for (const char* context : {"null", "{}", R"({"trace_id":"x","span_id":"1"})", R"({"trace_id":"0","span_id":"1"})",
                              R"({"trace_id":"1"})", R"({"trace_id":1,"span_id":2})", R"({"trace_id":"1)"})
    CHECK(TraceParent(context, kKey) == made);
}
