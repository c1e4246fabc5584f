#include <catch2/catch.hpp>

#include "auth/hook_request.hpp"
#include "auth/key_sets.hpp"
#include "auth/seen.hpp"
#include "base/error.hpp"

using namespace threefactor::auth;
using threefactor::Error;
using threefactor::Options;

TEST_CASE("what an authentication webhook is sent", "[auth]") {
  Options::AuthHook hook;
  hook.url = "http://h/";
  const Headers headers = {{"authorization", "Bearer x"},
                           {"cookie", "a=1"},
                           {"host", "h"},
                           {"user-agent", "u"},
                           {"content-length", "5"},
                           {"x-hasura-role", "user"},
                           {"accept", "*/*"},
                           {"connection", "Upgrade"},
                           {"x-empty", ""}};
  const HttpFetch get = MakeHookRequest(hook, headers, {}, R"({"query":"q"})");
  CHECK_FALSE(get.body);
  CHECK(get.headers ==
        std::vector<std::string>{"authorization: Bearer x", "cookie: a=1", "x-empty;", "x-hasura-role: user"});

  hook.is_post = true;
  const Headers some = {{"authorization", "Bearer \"x\""}, {"x-hasura-user-id", "1"}};
  CHECK(MakeHookRequest(hook, some, {{"authorization", "AUTHORIZATION"}}, R"({"query":"q"})").body ==
        R"({"headers":{"AUTHORIZATION":"Bearer \"x\"","X-Hasura-User-Id":"1"},"request":{"query":"q"}})");
  CHECK(MakeHookRequest(hook, {}, {}, "").body == R"({"headers":{},"request":null})");
  hook.sends_request = false;
  CHECK(MakeHookRequest(hook, {}, {}, R"({"query":"q"})").body == R"({"headers":{}})");

  // connection_init may name anything: no header becomes two, none is left out.
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"a", "1\r\nX-Hasura-Role: admin"},
                                                                                    {"a", std::string("1\0", 2)},
                                                                                    {"a: b\r\nc", "1"},
                                                                                    {"", "1"},
                                                                                    {"a b", "1"},
                                                                                    {"a:", "1"}})
    for (const bool is_post : {false, true}) {
      hook.is_post = is_post;
      CHECK_THROWS_AS(MakeHookRequest(hook, {{name, value}}, {}, ""), Error);
    }
}

TEST_CASE("key sets follow redirects to their own server only", "[auth]") {
  const std::string from = "http://keys.example:8080/jwks";
  CHECK(MayRedirect(from, "http://keys.example:8080/other?x"));
  CHECK(MayRedirect("https://keys.example/a", "https://keys.example:443/b"));
  CHECK(MayRedirect("http://keys.example/a", "https://keys.example/a"));
  for (const char* to : {"http://keys.example/jwks", "http://keys.example:8081/jwks", "http://other.example:8080/jwks",
                         "https://keys.example:8080/jwks", "file:///etc/passwd", "gopher://keys.example:8080/",
                         "http://keys.example:8080@other.example/", "http://127.0.0.1:8080/", "", "//x", "/relative"})
    CHECK_FALSE(MayRedirect(from, to));
  CHECK_FALSE(MayRedirect("https://keys.example/a", "http://keys.example/a"));
}

TEST_CASE("what was seen is bounded: what was used longest ago goes", "[auth]") {
  Seen<int> seen(3 * (1000 + 512));
  for (int i = 0; i < 3; ++i) seen.Put(DigestOf(std::to_string(i)), i, 1000);
  CHECK(*seen.Find(DigestOf("0")) == 0);
  seen.Put(DigestOf("3"), 3, 1000);
  seen.Put(DigestOf("4"), 4, 1000);
  CHECK(seen.size() <= 3);
  CHECK(seen.Find(DigestOf("1")) == nullptr);
  CHECK(*seen.Find(DigestOf("4")) == 4);
  seen.Put(DigestOf("4"), 5, 1000);
  CHECK(*seen.Find(DigestOf("4")) == 5);
  seen.Erase(DigestOf("4"));
  CHECK(seen.Find(DigestOf("4")) == nullptr);
  seen.Put(DigestOf("large"), 1, 1 << 20);
  CHECK(seen.size() == 0);
}
