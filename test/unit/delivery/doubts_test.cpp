#include "message/doubts.hpp"

#include <cstring>

#include <catch2/catch.hpp>

#include "text/text.hpp"

using namespace threefactor;
using namespace threefactor::delivery;

namespace {

const char* Variable(const char* name) {
  if (strcmp(name, "WEBHOOK_BASE") == 0) return "http://169.254.1.1/secret";
  if (strcmp(name, "WEBHOOK_PATH") == 0) return "a b";
  if (strcmp(name, "WEBHOOK_SCHEME") == 0) return "ftp://example.com";
  return nullptr;
}

std::vector<Doubt> Of(const std::string& webhook, const std::vector<std::string>& variables = {}) {
  static const EgressRule kRule{{}, ParseNetworks("127.0.0.0/8, 169.254.0.0/16, fe80::/10")};
  return DoubtsOf(webhook, variables, Environment("WEBHOOK_*", Variable), &kRule);
}

}  // namespace

TEST_CASE("what would keep a delivery from being posted is known from the webhook alone") {
  CHECK(Of("https://example.com/a?b=c").empty());
  CHECK(Of("http://10.0.0.1:8080/").empty());
  CHECK(Of("http://[::1]:8080/").empty());
  CHECK(Of("http://localhost.example.com/").empty());
  for (const char* denied : {"http://127.0.0.1/", "http://user:pass@127.1:80/", "http://2130706433",
                             "http://0x7f.0.0.1/", "http://LOCALHOST/", "http://a.localhost./",
                             "http://[::ffff:7f00:1]/", "http://[fe80::1]/", "{{WEBHOOK_BASE}}/x"}) {
    const std::vector<Doubt> doubts = Of(denied);
    REQUIRE(doubts.size() == 1);
    CHECK(doubts[0].what == "the webhook's address may not be connected to");
  }
  const EgressRule allowed{ParseNetworks("10.0.0.0/8"), {}};
  const Environment environment("", Variable);
  CHECK(DoubtsOf("http://192.0.2.1/", {}, environment, &allowed).size() == 1);
  CHECK(DoubtsOf("http://127.0.0.1/", {}, environment, nullptr).empty());  // by a proxy
}

TEST_CASE("each variable that is not set or not allowed is named, none of its values is told") {
  const std::vector<Doubt> doubts = Of("https://{{WEBHOOK_HOST}}/{{HOME}}", {"WEBHOOK_TOKEN", "WEBHOOK_BASE", "PATH"});
  REQUIRE(doubts.size() == 4);
  CHECK(doubts[0].what == "environment variable WEBHOOK_HOST is not set for the server");
  CHECK(doubts[1].what == "environment variable HOME is not in threefactor.environment_variables");
  CHECK(doubts[2].what == "environment variable WEBHOOK_TOKEN is not set for the server");
  CHECK(doubts[3].what == "environment variable PATH is not in threefactor.environment_variables");
  for (const char* webhook :
       {"https://example.com/{{WEBHOOK_PATH}}", "{{WEBHOOK_SCHEME}}/", "https://{{WEBHOOK_BASE}}"})
    for (const Doubt& doubt : Of(webhook)) {
      CHECK(doubt.what.find("a b") == std::string::npos);
      CHECK(doubt.what.find("ftp") == std::string::npos);
      CHECK(doubt.what.find("secret") == std::string::npos);
    }
  CHECK(Of("https://example.com/{{WEBHOOK_PATH}}").size() == 1);
  CHECK(Of("{{WEBHOOK_SCHEME}}/").size() == 1);
}

TEST_CASE("of an error others see its kind") {
  CHECK(PublicError("") == "");
  CHECK(PublicError("the event trigger was dropped") == "the event trigger was dropped");
  CHECK(PublicError("apply failed, 22P02 invalid_text_representation: invalid input: \"4111: 1\"") ==
        "apply failed, 22P02 invalid_text_representation");
}
