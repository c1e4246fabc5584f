#include "message/cloud_events.hpp"

#include <catch2/catch.hpp>

#include "text/text.hpp"

using namespace threefactor;
using namespace threefactor::delivery;

namespace {

const UuidBytes kKey = ParseUuid("8ff867eb-2d24-8f46-b3ab-097a7aaa94d6");
const std::optional<std::vector<std::string>> kAllColumns;

Event OneEvent() {
  Event event;
  event.created_at = 1500001;
  event.operation = "INSERT";
  event.table_schema = "public";
  event.table_name = "or\"ders é";
  event.new_row = R"({"id":1})";
  event.session_variables = R"({"x-hasura-role":"user"})";
  return event;
}

Event Emitted() {
  Event event;
  event.operation = "EMIT";
  event.table_name = "order.placed";
  event.new_row = "17";
  return event;
}

}  // namespace

TEST_CASE("binary: attributes are headers, percent-encoded, the data is the body") {
  const Content content = BinaryCloudEvent({OneEvent(), kKey, "my 100% \"t\"", kAllColumns});
  CHECK(content.type == "application/json");
  CHECK(content.body == R"({"old":null,"new":{"id":1},"session_variables":{"x-hasura-role":"user"}})");
  CHECK(content.headers == std::vector<std::string>{
                               "ce-specversion: 1.0",
                               "ce-id: 8ff867eb-2d24-8f46-b3ab-097a7aaa94d6",
                               // The attribute itself is encoded, as a URI; then its % as a header.
                               "ce-source: /tables/public/or%2522ders%2520%25C3%25A9",
                               "ce-type: threefactor.insert",
                               "ce-subject: my%20100%25%20%22t%22",
                               "ce-time: 2000-01-01T00:00:01.500001Z",
                           });
}

TEST_CASE("structured: one JSON object") {
  const Content content = StructuredCloudEvent({OneEvent(), kKey, "my \"t\"", kAllColumns});
  CHECK(content.type == "application/cloudevents+json; charset=utf-8");
  CHECK(content.headers.empty());
  CHECK(content.body == R"({"specversion":"1.0","id":"8ff867eb-2d24-8f46-b3ab-097a7aaa94d6",)"
                        R"("source":"/tables/public/or%22ders%20%C3%A9","type":"threefactor.insert",)"
                        R"("subject":"my \"t\"","time":"2000-01-01T00:00:01.500001Z",)"
                        R"("datacontenttype":"application/json",)"
                        R"("data":{"old":null,"new":{"id":1},"session_variables":{"x-hasura-role":"user"}}})");
}

TEST_CASE("an emitted event has its topic for a type, and what was emitted for data") {
  const Content content = BinaryCloudEvent({Emitted(), kKey, "t", kAllColumns});
  CHECK(content.headers[2] == "ce-source: /topics/order.placed");
  CHECK(content.headers[3] == "ce-type: order.placed");
  CHECK(content.body == "17");
}

TEST_CASE("an event of no table and no topic comes from its event trigger") {
  Event event = Emitted();
  event.operation = "ERROR";
  event.table_name.reset();
  const Content content = BinaryCloudEvent({event, kKey, "t", kAllColumns});
  CHECK(content.headers[2] == "ce-source: /event_triggers/t");
  CHECK(content.headers[3] == "ce-type: threefactor.error");
}

TEST_CASE("header values") {
  CHECK(CloudEventsHeaderValue("Euro \xe2\x82\xac \xf0\x9f\x98\x80") == "Euro%20%E2%82%AC%20%F0%9F%98%80");
  CHECK(CloudEventsHeaderValue("a\r\nb%\"") == "a%0D%0Ab%25%22");
}
