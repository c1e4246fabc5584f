// graphql-transport-ws: every rule of gateway/dialect/subscriptions.md.
#include <catch2/catch.hpp>

#include "recording_host.hpp"

namespace threefactor::transport {

namespace {

struct Fixture {
  RecordingHost host;
  std::unique_ptr<ProtocolSession> session = MakeProtocolSession("graphql-transport-ws", host);

  void Initialise() {
    session->OnText(R"({"type":"connection_init"})");
    host.sent.clear();
  }
  void Subscribe(const std::string& id) {
    session->OnText(R"({"type":"subscribe","id":")" + id + R"(","payload":{"query":"{a}"}})");
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "transport-ws: connection_init is acknowledged, its headers reach the host in lower case") {
  session->OnText(
      R"({"type":"connection_init","payload":{"X-Flat":"1","n":5,"headers":{"X-Hasura-Role":"user","Authorization":"Bearer x"}}})");
  CHECK(host.Take() == Frames{R"({"type":"connection_ack"})"});
  CHECK(host.headers ==
        std::map<std::string, std::string>{{"x-flat", "1"}, {"x-hasura-role", "user"}, {"authorization", "Bearer x"}});
}

TEST_CASE_METHOD(Fixture, "transport-ws: a refused connection_init closes with 4403") {
  host.refuse_init = Error(code::kAccessDenied, "no");
  session->OnText(R"({"type":"connection_init"})");
  CHECK(host.closed == "4403 Forbidden");
  CHECK(host.sent.empty());
}

TEST_CASE_METHOD(Fixture,
                 "transport-ws: who is asked about may take a while; then he hears what is wrong with a token") {
  host.waits = true;
  session->OnText(R"({"type":"connection_init"})");
  session->OnInitTimeout();
  CHECK(host.sent.empty());
  CHECK(host.closed.empty());
  SECTION("admitted") {
    host.admitted(nullptr);
    CHECK(host.Take() == Frames{R"({"type":"connection_ack"})"});
  }
  SECTION("refused") {
    const Error refusal(code::kJwtInvalidClaims, "no string");
    host.admitted(&refusal);
    CHECK(host.closed == "4403 jwt-invalid-claims: no string");
  }
}

TEST_CASE_METHOD(Fixture, "transport-ws: a header that says who asks is a string, and given once") {
  const auto closed_by = [&](const char* payload) {
    RecordingHost other;
    const auto another = MakeProtocolSession("graphql-transport-ws", other);
    another->OnText(std::string(R"({"type":"connection_init","payload":)") + payload + "}");
    return other.closed.substr(0, 4);
  };
  for (const char* wrong :
       {R"({"headers":{"Authorization":"Bearer a","authorization":"Bearer b"}})",
        R"({"X-Hasura-Role":"user","headers":{"x-hasura-role":"admin"}})", R"({"headers":{"X-Hasura-Role":5}})",
        R"({"headers":{"x-hasura-role":["admin"]}})", R"({"headers":{"cookie":{"a":"b"}}})"})
    CHECK(closed_by(wrong) == "4400");
  for (const char* right : {R"({"headers":{"Authorization":null,"n":5}})", R"({"a":"b","headers":{"A":"b"}})"})
    CHECK(closed_by(right).empty());
}

TEST_CASE_METHOD(Fixture, "transport-ws: a second connection_init closes with 4429") {
  Initialise();
  session->OnText(R"({"type":"connection_init"})");
  CHECK(host.closed == "4429 Too many initialisation requests");
}

TEST_CASE_METHOD(Fixture, "transport-ws: a late connection_init closes with 4408, an early one does not") {
  SECTION("late") {
    session->OnInitTimeout();
    CHECK(host.closed == "4408 Connection initialisation timeout");
  }
  SECTION("early") {
    Initialise();
    session->OnInitTimeout();
    CHECK(host.closed.empty());
  }
}

TEST_CASE_METHOD(Fixture, "transport-ws: ping is answered by pong with its payload, also before the acknowledgement") {
  session->OnText(R"({"type":"ping"})");
  session->OnText(R"({"type":"ping","payload":{"a":1.0}})");
  session->OnText(R"({"type":"pong"})");
  CHECK(host.Take() == Frames{R"({"type":"pong"})", R"({"type":"pong","payload":{"a":1.0}})"});
  CHECK(host.closed.empty());
}

TEST_CASE_METHOD(Fixture, "transport-ws: keepalive pings begin with the acknowledgement") {
  session->OnKeepAlive();
  CHECK(host.sent.empty());
  Initialise();
  session->OnKeepAlive();
  CHECK(host.Take() == Frames{R"({"type":"ping","payload":{"message":"keepalive"}})"});
}

TEST_CASE_METHOD(Fixture, "transport-ws: subscribe hands the payload over, its numbers as they were written") {
  Initialise();
  session->OnText(
      R"({"id":"x","payload" : { "query":"{a}", "variables":{"n":[12345678901234567890.10,1E400],"s":"}\""} } ,"type":"subscribe"})");
  CHECK(host.started == Frames{R"(x {"query":"{a}","variables":{"n":[12345678901234567890.10,1E400],"s":"}\""}})"});
  session->OnText(R"({"type":"subscribe","id":"y","p\u0061yload":{"query":"{b}"}})");
  CHECK(host.started.back() == R"(y {"query":"{b}"})");
}

TEST_CASE_METHOD(Fixture, "transport-ws: results, completion and what comes after it") {
  Initialise();
  Subscribe("1");
  session->Next("1", R"({"data":{"a":1}})");
  session->Complete("1");
  CHECK(host.Take() ==
        Frames{R"({"type":"next","id":"1","payload":{"data":{"a":1}}})", R"({"type":"complete","id":"1"})"});
  session->Next("1", R"({"data":{"a":2}})");
  session->Complete("1");
  session->Fail("1", Error(code::kUnexpected, "late"));
  CHECK(host.sent.empty());
}

TEST_CASE_METHOD(Fixture, "transport-ws: subscribe before the acknowledgement closes with 4401") {
  Subscribe("1");
  CHECK(host.closed == "4401 Unauthorized");
  CHECK(host.started.empty());
}

TEST_CASE_METHOD(Fixture, "transport-ws: an active id closes with 4409, the reason cut to 123 bytes") {
  Initialise();
  SECTION("short") {
    Subscribe("one");
    Subscribe("one");
    CHECK(host.closed == "4409 Subscriber for one already exists");
  }
  SECTION("long") {
    std::string id(103, 'x');
    id += "\xC3\xA9";  // bytes 119 and 120 of the reason
    id += std::string(40, 'y');
    Subscribe(id);
    Subscribe(id);
    CHECK(host.closed.size() == 5 + 123);
  }
  SECTION("cut between characters") {
    std::string id(107, 'x');
    id += "\xC3\xA9";  // bytes 123 and 124 of the reason
    Subscribe(id);
    Subscribe(id);
    CHECK(host.closed == "4409 Subscriber for " + std::string(107, 'x'));
  }
}

TEST_CASE_METHOD(Fixture, "transport-ws: an operation that does not validate is answered by an array of errors") {
  Initialise();
  host.refuse_start = Error(code::kValidationFailed, "field 'b' not found", "$.selectionSet.b");
  Subscribe("1");
  CHECK(
      host.Take() ==
      Frames{
          R"({"type":"error","id":"1","payload":[{"message":"field 'b' not found","extensions":{"path":"$.selectionSet.b","code":"validation-failed"}}]})"});
  CHECK(host.closed.empty());
  host.refuse_start.reset();
  Subscribe("1");  // the id is free again
  CHECK(host.started.size() == 1);
}

TEST_CASE_METHOD(Fixture, "transport-ws: complete from the client stops the operation and frees its id") {
  Initialise();
  Subscribe("1");
  session->OnText(R"({"type":"complete","id":"1"})");
  CHECK(host.stopped == Frames{"1"});
  session->Next("1", R"({"data":null})");
  CHECK(host.sent.empty());
  session->OnText(R"({"type":"complete","id":"1"})");
  session->OnText(R"({"type":"complete","id":"unknown"})");
  CHECK(host.stopped == Frames{"1"});
  CHECK(host.closed.empty());
  Subscribe("1");
  session->Next("1", R"({"data":null})");
  CHECK(host.Take() == Frames{R"({"type":"next","id":"1","payload":{"data":null}})"});
}

TEST_CASE_METHOD(Fixture, "transport-ws: a malformed message closes with 4400") {
  Initialise();
  const char* message = GENERATE(
      "", "{", "[]", "null", "\"text\"", R"({"id":"1"})", R"({"type":5})", R"({"type":"nonsense"})",
      R"({"type":"next"})", R"({"type":"connection_ack"})", R"({"type":"subscribe","payload":{"query":"{a}"}})",
      R"({"type":"subscribe","id":"","payload":{"query":"{a}"}})",
      R"({"type":"subscribe","id":1,"payload":{"query":"{a}"}})", R"({"type":"subscribe","id":"1"})",
      R"({"type":"subscribe","id":"1","payload":[]})", R"({"type":"subscribe","id":"1","payload":{}})",
      R"({"type":"subscribe","id":"1","payload":{"query":5}})",
      R"({"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}})",
      R"({"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":{}}})",
      R"({"type":"subscribe","id":"1","payload":{"query":"{a}","extensions":1}})",
      R"({"type":"subscribe","id":"1","payload":{"query":"{a}","query":"{b}"}})",
      R"({"type":"subscribe","id":"1","id":"2","payload":{"query":"{a}"}})", R"({"type":"complete"})",
      R"({"type":"ping","payload":5})", "{\"type\":\"ping\"} trailing");
  INFO(message);
  session->OnText(message);
  CHECK(host.closed.substr(0, 5) == "4400 ");
  CHECK(host.closed.size() <= 5 + 123);
  CHECK(host.started.empty());
}

TEST_CASE_METHOD(Fixture, "transport-ws: nothing is sent or heard after a close") {
  Initialise();
  Subscribe("1");
  session->OnText("broken");
  host.closed.clear();
  Subscribe("2");
  session->Next("1", "{}");
  session->OnKeepAlive();
  session->OnText("broken");
  CHECK(host.sent.empty());
  CHECK(host.closed.empty());
  CHECK(host.started.size() == 1);
}

TEST_CASE_METHOD(Fixture, "transport-ws: null payload members count as absent") {
  Initialise();
  session->OnText(
      R"({"type":"subscribe","id":"1","payload":{"query":"{a}","variables":null,"operationName":null,"extensions":null}})");
  CHECK(host.started.size() == 1);
  session->OnText(R"({"type":"ping","payload":null})");
  CHECK(host.Take() == Frames{R"({"type":"pong"})"});
}

TEST_CASE_METHOD(Fixture, "transport-ws: a message nested a million deep is refused, not followed") {
  Initialise();
  const std::string nested = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  session->OnText(R"({"type":"subscribe","id":"1","payload":{"query":"{a}","variables":{"v":)" + nested + "}}}");
  CHECK(host.closed.find("nested deeper than 2000 levels") != std::string::npos);
  CHECK(host.started.empty());
}

TEST_CASE("an unknown subprotocol has no session") {
  RecordingHost host;
  CHECK(MakeProtocolSession("graphql", host) == nullptr);
  CHECK(MakeProtocolSession("", host) == nullptr);
}

}  // namespace threefactor::transport
