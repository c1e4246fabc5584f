#include "kit/call.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace threefactor::kit {

namespace {

int StatusOf(std::string_view body) {
  try {
    Call(body, "");
    return 200;
  } catch (const Rejected& rejected) {
    return rejected.status();
  }
}

}  // namespace

TEST_CASE("A call takes an event body or the bare row") {
  CHECK(Call(R"({"order_id":"o1"})", "").Text("order_id") == "o1");
  const Call event(R"({"id":"k","event":{"op":"INSERT","data":{"old":null,"new":{"order_id":"o2"}}}})", "k");
  CHECK(event.Text("order_id") == "o2");
  CHECK(event.idempotency_key() == "k");
  // A row may have a column of that name.
  CHECK(Call(R"({"event":"party","order_id":"o3"})", "").Text("order_id") == "o3");
}

TEST_CASE("Events without a new row are calls too") {
  const Call deleted(R"({"event":{"op":"DELETE","data":{"old":{"order_id":"o4"},"new":null}}})", "");
  CHECK(deleted.Text("order_id") == "o4");
  CHECK(deleted.operation() == "DELETE");
  const Call truncated(R"({"event":{"op":"TRUNCATE","data":{"old":null,"new":null}}})", "");
  CHECK(truncated.operation() == "TRUNCATE");
  CHECK(truncated.row().ObjectEmpty());
  CHECK_THROWS_WITH(truncated.Text("order_id"), "'order_id' is missing");
  CHECK(Call(R"({"order_id":"o1","op":"DELETE"})", "").operation().empty());
  CHECK(StatusOf(R"({"event":{"op":"DELETE","data":{"old":null,"new":{"order_id":"o1"}}}})") == 400);
  CHECK(StatusOf(R"({"event":{"op":"UPDATE","data":{"old":{},"new":null}}})") == 400);
}

TEST_CASE("Fields are read by path and type") {
  const Call call(R"({"metadata":{"amount":-5,"type":"card","huge":3000000000,"nothing":null}, "zero":"a\u0000b"})",
                  "");
  CHECK(call.Integer("metadata.amount") == -5);
  CHECK(call.Text("metadata.type") == "card");
  CHECK_THROWS_WITH(call.Text("metadata.amount"), "'metadata.amount' is not a string");
  CHECK_THROWS_WITH(call.Integer("metadata.huge"), "'metadata.huge' is not a 32-bit integer");
  CHECK_THROWS_WITH(call.Text("metadata.nothing"), "'metadata.nothing' is missing");
  CHECK_THROWS_WITH(call.Text("metadata.type.more"), "'metadata.type.more' is missing");
  CHECK_THROWS_WITH(call.Text("order_id"), "'order_id' is missing");
  CHECK_THROWS_AS(call.Text("zero"), Rejected);
}

TEST_CASE("A body that is no call is rejected") {
  CHECK(StatusOf("") == 400);
  CHECK(StatusOf("{\"order_id\":") == 400);
  CHECK(StatusOf("[]") == 400);
  CHECK(StatusOf("\"o1\"") == 400);
  CHECK(StatusOf(R"({"event":{"data":{"old":{},"new":null}}})") == 400);
  CHECK(StatusOf(R"({"event":{"data":{}}})") == 400);
  CHECK(StatusOf(std::string(1'000'000, '[')) == 400);
}

TEST_CASE("A reply is an object of escaped texts") {
  const Reply reply = ReplyWith(402, {{"error", "a \"quoted\" word"}, {"order_id", "o1"}});
  CHECK(reply.status == 402);
  CHECK(reply.body == R"({"error":"a \"quoted\" word","order_id":"o1"})");
}

}  // namespace threefactor::kit
