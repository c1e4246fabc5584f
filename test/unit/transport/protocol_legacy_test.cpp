// graphql-ws (subscriptions-transport-ws): every rule of gateway/dialect/subscriptions.md.
#include <catch2/catch.hpp>

#include "recording_host.hpp"

namespace threefactor::transport {

namespace {

struct Fixture {
  RecordingHost host;
  std::unique_ptr<ProtocolSession> session = MakeProtocolSession("graphql-ws", host);

  void Initialise() {
    session->OnText(R"({"type":"connection_init","payload":{}})");
    host.sent.clear();
  }
  void Start(const std::string& id) {
    session->OnText(R"({"type":"start","id":")" + id + R"(","payload":{"query":"{a}"}})");
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "graphql-ws: connection_init is acknowledged, its headers reach the host") {
  session->OnText(R"({"type":"connection_init","payload":{"headers":{"X-Hasura-Admin-Secret":"s"}}})");
  CHECK(host.Take() == Frames{R"({"type":"connection_ack"})"});
  CHECK(host.headers == std::map<std::string, std::string>{{"x-hasura-admin-secret", "s"}});
}

TEST_CASE_METHOD(Fixture, "graphql-ws: a refused connection_init is told and may be repeated") {
  host.refuse_init = Error(code::kAccessDenied, "invalid secret");
  session->OnText(R"({"type":"connection_init"})");
  CHECK(host.Take() == Frames{R"({"type":"connection_error","payload":"invalid secret"})"});
  CHECK(host.closed.empty());
  Start("1");
  CHECK(
      host.Take() ==
      Frames{
          R"({"type":"error","id":"1","payload":{"errors":[{"message":"cannot start: connection_init failed: invalid secret","extensions":{"path":"$","code":"start-failed"}}]}})"});
  host.refuse_init.reset();
  session->OnText(R"({"type":"connection_init"})");
  CHECK(host.Take() == Frames{R"({"type":"connection_ack"})"});
}

TEST_CASE_METHOD(Fixture, "graphql-ws: who is asked about may take a while") {
  host.waits = true;
  session->OnText(R"({"type":"connection_init"})");
  session->OnInitTimeout();
  CHECK(host.sent.empty());
  CHECK(host.closed.empty());
  const Error refusal(code::kInvalidJwt, "Could not verify JWT: JWTExpired");
  host.admitted(&refusal);
  CHECK(host.Take() == Frames{R"({"type":"connection_error","payload":"Could not verify JWT: JWTExpired"})"});
  session->OnText(R"({"type":"connection_init"})");
  host.admitted(nullptr);
  CHECK(host.Take() == Frames{R"({"type":"connection_ack"})"});
}

TEST_CASE_METHOD(Fixture, "graphql-ws: ka comes from the accept on; who does not initialise is left") {
  session->OnKeepAlive();
  CHECK(host.Take() == Frames{R"({"type":"ka"})"});
  session->OnInitTimeout();
  CHECK(host.Take() == Frames{R"({"type":"connection_error","payload":"connection_init did not arrive in time"})"});
  CHECK_FALSE(host.closed.empty());
}

TEST_CASE_METHOD(Fixture, "graphql-ws: who has initialised has time") {
  Initialise();
  session->OnInitTimeout();
  CHECK(host.Take().empty());
  CHECK(host.closed.empty());
}

TEST_CASE_METHOD(Fixture, "graphql-ws: a malformed message is answered by connection_error, the socket stays open") {
  Initialise();
  const char* message = GENERATE("", "{", "[1]", R"({"type":"test"})", R"({"type":"stop"})", R"({"type":"start"})",
                                 R"({"type":"start","id":"1"})", R"({"type":"start","id":"1","payload":{"query":1}})",
                                 R"({"type":"start","id":"1","payload":{"query":"{a}","variables":"x"}})");
  INFO(message);
  session->OnText(message);
  const Frames frames = host.Take();
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].rfind(R"({"type":"connection_error","payload":")", 0) == 0);
  CHECK(host.closed.empty());
  Start("1");
  CHECK(host.started == Frames{R"(1 {"query":"{a}"})"});
}

TEST_CASE_METHOD(Fixture, "graphql-ws: start before connection_init is an error") {
  Start("1");
  CHECK(
      host.Take() ==
      Frames{
          R"({"type":"error","id":"1","payload":{"errors":[{"message":"start received before the connection is initialised","extensions":{"path":"$","code":"start-failed"}}]}})"});
  CHECK(host.started.empty());
  CHECK(host.closed.empty());
}

TEST_CASE_METHOD(Fixture, "graphql-ws: data, complete and what comes after it") {
  Initialise();
  Start("1");
  session->Next("1", R"({"data":{"a":1}})");
  session->Next("1", R"({"errors":[]})");
  session->Complete("1");
  CHECK(host.Take() == Frames{R"({"type":"data","id":"1","payload":{"data":{"a":1}}})",
                              R"({"type":"data","id":"1","payload":{"errors":[]}})",
                              R"({"type":"complete","id":"1"})"});
  session->Next("1", "{}");
  session->Complete("1");
  CHECK(host.sent.empty());
}

TEST_CASE_METHOD(Fixture, "graphql-ws: stop ends silently and frees the id") {
  Initialise();
  Start("1");
  session->OnText(R"({"type":"stop","id":"1"})");
  session->OnText(R"({"type":"stop","id":"1"})");
  session->OnText(R"({"type":"stop","id":"unknown"})");
  session->Next("1", "{}");
  CHECK(host.stopped == Frames{"1"});
  CHECK(host.sent.empty());
  Start("1");
  CHECK(host.started.size() == 2);
}

TEST_CASE_METHOD(Fixture, "graphql-ws: an active id is an error and does not disturb the operation") {
  Initialise();
  Start("x");
  Start("x");
  CHECK(
      host.Take() ==
      Frames{
          R"({"type":"error","id":"x","payload":{"errors":[{"message":"an operation already exists with this id: x","extensions":{"path":"$","code":"start-failed"}}]}})"});
  session->Next("x", "{}");
  CHECK(host.Take() == Frames{R"({"type":"data","id":"x","payload":{}})"});
}

TEST_CASE_METHOD(Fixture, "graphql-ws: an operation that does not validate is answered by error") {
  Initialise();
  host.refuse_start = Error(code::kValidationFailed, "no such field", "$.selectionSet.b");
  Start("1");
  CHECK(
      host.Take() ==
      Frames{
          R"({"type":"error","id":"1","payload":{"errors":[{"message":"no such field","extensions":{"path":"$.selectionSet.b","code":"validation-failed"}}]}})"});
  host.refuse_start.reset();
  Start("1");
  CHECK(host.started.size() == 1);
}

TEST_CASE_METHOD(Fixture, "graphql-ws: connection_terminate closes") {
  Initialise();
  Start("1");
  session->OnText(R"({"type":"connection_terminate"})");
  CHECK(host.closed == "1000 ");
  session->Next("1", "{}");
  session->OnKeepAlive();
  CHECK(host.sent.empty());
}

}  // namespace threefactor::transport
