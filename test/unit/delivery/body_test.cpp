#include "message/body.hpp"

#include <catch2/catch.hpp>

#include "text/text.hpp"

using namespace threefactor;
using namespace threefactor::delivery;

namespace {

Event OneEvent() {
  Event event;
  event.id = ParseUuid("00112233-4455-6677-8899-aabbccddeeff");
  event.created_at = 86400LL * 1000000 + 1500001;
  event.operation = "UPDATE";
  event.table_schema = "public";
  event.table_name = "or\"ders";
  event.old_row = R"({"id":1,"a b":{"x":[1,"}"]},"c":"\",\\"})";
  event.new_row = R"({"id":2,"a b":null,"c":"é"})";
  return event;
}

const UuidBytes kKey = ParseUuid("8ff867eb-2d24-8f46-b3ab-097a7aaa94d6");
const std::optional<std::vector<std::string>> kAllColumns;

}  // namespace

TEST_CASE("the body is Hasura's") {
  CHECK(HasuraBody({OneEvent(), kKey, "my \"trigger\"", kAllColumns, 2, 9}) ==
        R"({"id":"8ff867eb-2d24-8f46-b3ab-097a7aaa94d6","created_at":"2000-01-02T00:00:01.500001Z",)"
        R"("table":{"schema":"public","name":"or\"ders"},"trigger":{"name":"my \"trigger\""},)"
        R"("event":{"op":"UPDATE","data":{"old":{"id":1,"a b":{"x":[1,"}"]},"c":"\",\\"},)"
        R"("new":{"id":2,"a b":null,"c":"é"}},"session_variables":null,"trace_context":null},)"
        R"("delivery_info":{"current_retry":2,"max_retries":9}})");
}

TEST_CASE("absent sides and tables are null, session variables and trace context are passed on") {
  Event event = OneEvent();
  event.old_row.reset();
  event.table_schema.reset();
  event.table_name.reset();
  event.session_variables = R"({"x-hasura-role":"user"})";
  event.trace_context = R"({"trace_id":"1","span_id":"2"})";
  const std::string body = HasuraBody({event, kKey, "t", kAllColumns});
  CHECK(body.find(R"("old":null)") != std::string::npos);
  CHECK(body.find(R"("table":null,"trigger":)") != std::string::npos);
  CHECK(body.find(R"("session_variables":{"x-hasura-role":"user"},"trace_context":{"trace_id":"1","span_id":"2"})") !=
        std::string::npos);
}

TEST_CASE("the payload is cut to the chosen columns, bytes as they are") {
  const std::string row = *OneEvent().old_row;
  CHECK(ProjectRow(row, {"c", "id"}) == R"({"id":1,"c":"\",\\"})");
  CHECK(ProjectRow(row, {"a b"}) == R"({"a b":{"x":[1,"}"]}})");
  CHECK(ProjectRow(row, {"x"}) == "{}");
  CHECK(ProjectRow(R"( { "id" : 1 , "q\"" : [ {"id":2} ] } )", {"q\""}) == R"({"q\"" : [ {"id":2} ] })");
  CHECK(ProjectRow("{}", {"id"}) == "{}");
  CHECK(ProjectRow("null", {"id"}) == "null");
  CHECK(ProjectRow(R"({"id)", {"id"}) == "{}");  // ends, whatever it is given
}

TEST_CASE("what was given to invoke() is not cut") {
  Event event = OneEvent();
  event.operation = "MANUAL";
  const std::optional<std::vector<std::string>> columns = {{"id"}};
  CHECK(HasuraBody({event, kKey, "t", columns}).find(*event.new_row) != std::string::npos);
}

TEST_CASE("the marker of a row too large to keep is not cut") {
  const std::string marker = R"({"threefactor_omitted": true, "bytes": 9000000})";
  CHECK(ProjectRow(marker, {"id"}) == marker);
}

TEST_CASE("an event of a topic has no table, but its topic") {
  Event event = OneEvent();
  event.operation = "EMIT";
  event.table_schema.reset();
  event.table_name = "order/placed";
  event.old_row.reset();
  event.new_row = "[1, 2]";
  const std::string body = HasuraBody({event, kKey, "t", kAllColumns});
  CHECK(body.find(R"("table":null,"topic":"order/placed","trigger":)") != std::string::npos);
  CHECK(body.find(R"("op":"EMIT","data":{"old":null,"new":[1, 2]})") != std::string::npos);
}

TEST_CASE("Supabase's body") {
  Event event = OneEvent();
  const std::optional<std::vector<std::string>> columns = {{"id"}};
  CHECK(SupabaseBody({event, kKey, "t", columns}) ==
        R"({"type":"UPDATE","table":"or\"ders","schema":"public","record":{"id":2},"old_record":{"id":1}})");
  event.operation = "INSERT";
  event.old_row.reset();
  CHECK(MakeContent(BodyProfile::kSupabase, {event, kKey, "t", columns}).body ==
        R"({"type":"INSERT","table":"or\"ders","schema":"public","record":{"id":2},"old_record":null})");
}

TEST_CASE("times") {
  CHECK(TimeText(0) == "2000-01-01T00:00:00.000000Z");
  CHECK(TimeText(-1) == "1999-12-31T23:59:59.999999Z");
  CHECK(TimeText(762264000LL * 1000000) == "2024-02-26T12:00:00.000000Z");
}

TEST_CASE("a response becomes text that a database can keep") {
  CHECK(ReadableText("plain", 100, false) == "plain");
  CHECK(ReadableText(std::string_view("a\0b", 3), 100, false) == "a?b");
  CHECK(ReadableText("\xff\xc3\xa9\xc0\x80", 100, false) == "?é??");
  CHECK(ReadableText("aé", 2, false) == "a");
  CHECK(ReadableText("aé", 3, true) == "a?");
  CHECK(ReadableText("\xe2\x82", 100, false) == "??");
  CHECK(ReadableText("\xed\xa0\x80", 100, false) == "???");  // a surrogate
}
