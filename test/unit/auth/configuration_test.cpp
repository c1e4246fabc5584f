#include "auth/configuration.hpp"

#include <catch2/catch.hpp>

#include "auth/caching.hpp"
#include "auth/hook_answer.hpp"
#include "auth/presented.hpp"
#include "base/error.hpp"

using namespace threefactor::auth;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using threefactor::Error;

namespace {

const std::string kHs256 = R"({"type":"HS256","key":"ssssssssssssssssssssssssssssssss")";

std::string Refused(const std::string& text) {
  try {
    ReadJwtSecret(text);
  } catch (const Error& error) {
    CHECK(error.code() == "invalid-configuration");
    return error.message();
  }
  return "";
}

}  // namespace

TEST_CASE("the configuration of tokens: every member is understood or refused by its path", "[auth]") {
  const auto read = ReadJwtSecret(
      kHs256 +
      R"(,"audience":"a","issuer":"i","allowed_skew":5,"claims_format":null,"header":{"type":"cookie","name":"t"}})");
  CHECK(read.audience == std::vector<std::string>{"a"});
  CHECK(read.issuer == "i");
  CHECK(read.allowed_skew == 5);
  CHECK(read.place == TokenPlace{TokenPlace::Kind::kCookie, "t"});
  CHECK(ReadJwtSecret(R"({"jwk_url":"https://x/jwks"})").jwk_url == "https://x/jwks");
  CHECK(ReadJwtSecrets("[" + kHs256 + "}," + kHs256 + "}]").size() == 2);

  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", "JSON"},
      {"[]", "$: it is not an object"},
      {"{}", "$: key or jwk_url"},
      {kHs256 + R"(,"jwk_url":"https://x"})", "$: key and jwk_url"},
      {R"({"key":"k"})", "$.type"},
      {R"({"type":"none","key":"k"})", "$.type"},
      {R"({"type":"HS256","key":"short"})", "$.key"},
      {R"({"type":5,"key":"k"})", "$.type"},
      {R"({"type":"HS256","key":["k"]})", "$.key"},
      {R"({"type":"HS256","jwk_url":"https://x"})", "$.type"},
      {R"({"jwk_url":"file:///etc/passwd"})", "$.jwk_url"},
      {R"({"jwk_url":"x"})", "$.jwk_url"},
      {kHs256 + R"(,"audiense":"a"})", "$.audiense"},
      {kHs256 + R"(,"it's new":"a"})", "$['it's new']"},
      {kHs256 + R"(,"type":"HS256"})", "$.type: it is given twice"},
      {kHs256 + R"(,"audience":5})", "$.audience"},
      {kHs256 + R"(,"audience":[5]})", "$.audience"},
      {kHs256 + R"(,"audience":[]})", "$.audience"},
      {kHs256 + R"(,"issuer":["i"]})", "$.issuer"},
      {kHs256 + R"(,"allowed_skew":"5"})", "$.allowed_skew"},
      {kHs256 + R"(,"allowed_skew":-1})", "$.allowed_skew"},
      {kHs256 + R"(,"allowed_skew":1.5})", "$.allowed_skew"},
      {kHs256 + R"(,"allowed_skew":1e9})", "$.allowed_skew"},
      {kHs256 + R"(,"allowed_skew":86401})", "$.allowed_skew"},
      {kHs256 + R"(,"claims_format":"xml"})", "$.claims_format"},
      {kHs256 + R"(,"claims_namespace":"n","claims_namespace_path":"$.n"})", "claims_namespace_path"},
      {kHs256 + R"(,"claims_namespace_path":"n"})", "$.claims_namespace_path"},
      {kHs256 + R"(,"claims_namespace_path":"$..n"})", "$.claims_namespace_path"},
      {kHs256 + R"(,"claims_namespace_path":"$[*]"})", "$.claims_namespace_path"},
      {kHs256 + R"(,"claims_namespace_path":"$['a"})", "$.claims_namespace_path"},
      {kHs256 + R"(,"claims_map":{}})", "$.claims_map: x-hasura-allowed-roles is expected but not found"},
      {kHs256 + R"(,"claims_map":{"x-hasura-allowed-roles":["a"]}})", "x-hasura-default-role is expected"},
      {kHs256 + R"(,"claims_map":{"user":"a"}})", "$.claims_map.user"},
      {kHs256 + R"(,"claims_map":{"x-hasura-a":"1","X-Hasura-A":"2"}})", "$.claims_map.X-Hasura-A: it is given twice"},
      {kHs256 + R"(,"claims_map":{"x-hasura-role":"a"}})", "$.claims_map.x-hasura-role"},
      {kHs256 + R"(,"claims_map":{"x-hasura-a":{"path":"a"}}})", "$.claims_map.x-hasura-a.path"},
      {kHs256 + R"(,"claims_map":{"x-hasura-a":{"default":"a"}}})", "$.claims_map.x-hasura-a"},
      {kHs256 + R"(,"claims_map":{"x-hasura-a":{"path":"$.a","else":"b"}}})", "$.claims_map.x-hasura-a.else"},
      {kHs256 + R"(,"claims_map":{"x-hasura-a":5}})", "$.claims_map.x-hasura-a"},
      {kHs256 + R"(,"claims_map":{"x-hasura-allowed-roles":"a"}})", "$.claims_map.x-hasura-allowed-roles"},
      {kHs256 + R"(,"claims_map":{"x-hasura-allowed-roles":["a"],"x-hasura-default-role":"a"},"claims_namespace":"n"})",
       "$.claims_map"},
      {kHs256 + R"(,"header":"Cookie"})", "$.header"},
      {kHs256 + R"(,"header":{"type":"Cookie"}})", "$.header.name"},
      {kHs256 + R"(,"header":{"type":"Query","name":"t"}})", "$.header.type"},
      {kHs256 + R"(,"header":{"type":"Authorization","name":"t"}})", "$.header.name"},
      {kHs256 + R"(,"header":{"type":"CustomHeader","name":"X-Hasura-Token"}})", "$.header.name"},
  };
  for (const auto& [text, where] : wrong) {
    CAPTURE(text);
    CHECK_THAT(Refused(text), Contains(where) && !Contains("ssssss"));
  }
  CHECK_THROWS_WITH(ReadJwtSecrets("[" + kHs256 + R"(},{"type":"HS256"}])"), StartsWith("$[1]"));
  CHECK_THROWS_AS(ReadJwtSecrets("[]"), Error);
  CHECK_THROWS_AS(ReadJwtSecrets(kHs256 + "}"), Error);
}

TEST_CASE("where a request has its token", "[auth]") {
  const TokenPlace authorization;
  const TokenPlace cookie = {TokenPlace::Kind::kCookie, "t"};
  const TokenPlace header = {TokenPlace::Kind::kHeader, "x-token"};
  CHECK_FALSE(PresentedToken({}, authorization));
  CHECK(PresentedToken({{"authorization", "Bearer a.b.c"}}, authorization) == "a.b.c");
  CHECK(PresentedToken({{"authorization", " bearer  a.b.c "}}, authorization) == "a.b.c");
  for (const char* wrong :
       {"", "Bearer", "Bearer ", "Basic a", "a.b.c", "Bearer a b", "Bearer a, Bearer b", "Bearera.b.c"}) {
    try {
      PresentedToken({{"authorization", wrong}}, authorization);
      FAIL(wrong);
    } catch (const Error& error) {
      CHECK(error.code() == "invalid-headers");
      CHECK(error.message() == "Malformed Authorization header");
    }
  }
  CHECK(PresentedToken({{"cookie", "a=1; t=x.y.z; b=2"}}, cookie) == "x.y.z");
  CHECK(PresentedToken({{"cookie", "t=\"x=y\""}}, cookie) == "x=y");
  for (const char* none : {"", "a=1", "tt=1", "T=1", "t=", "t", ";;", "xt=1; ", "a=t=1"})
    CHECK_FALSE(PresentedToken({{"cookie", none}}, cookie));
  CHECK_THROWS_WITH(PresentedToken({{"cookie", "t=1; a=2;t=3"}}, cookie), "the cookie t is given more than once");
  CHECK(PresentedToken({{"x-token", "a.b.c"}}, header) == "a.b.c");
  CHECK_FALSE(PresentedToken({{"authorization", "Bearer a"}}, header));
}

TEST_CASE("how long an answer may be kept", "[auth]") {
  constexpr std::int64_t kNow = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT
  const auto lifetime = [](const char* control, const char* expires = "") {
    return ReadCaching(control, expires, kNow).lifetime.value_or(-1);
  };
  CHECK(lifetime("") == -1);
  CHECK(lifetime("max-age=600") == 600);
  CHECK(lifetime("public, Max-Age=\"600\", must-revalidate") == 600);
  CHECK(lifetime("max-age=600, s-maxage=5") == 5);
  CHECK(lifetime("max-age=0") == 0);
  CHECK(lifetime("max-age=-1") == -1);
  CHECK(lifetime("max-age=x") == -1);
  CHECK(lifetime("max-age=99999999999999999999999") == 365 * 24 * 60 * 60);
  CHECK(lifetime("max-age=600", "Sun, 06 Nov 1994 08:49:47 GMT") == 600);
  CHECK(lifetime("", "Sun, 06 Nov 1994 08:49:47 GMT") == 10);
  CHECK(lifetime("", "Sun, 06 Nov 1994 08:49:27 GMT") == 0);
  CHECK(lifetime("", "0") == 0);
  CHECK(lifetime("no-cache", "Sun, 06 Nov 1994 08:49:47 GMT") == -1);
  CHECK(ReadCaching("no-cache", "", kNow).is_forbidden);
  CHECK(ReadCaching("private,no-store", "", kNow).is_forbidden);
  CHECK_FALSE(ReadCaching(",,=,max-age", "", kNow).is_forbidden);
}

TEST_CASE("what an authentication webhook answers", "[auth]") {
  const auto read = [](const char* body, const char* control = "", const char* expires = "") {
    return ReadHookAnswer(body, control, expires, 1000);
  };
  const auto user = read(R"({"X-Hasura-User-Id":"25","X-Hasura-Role":"user","Other":"x","x-hasura-admin-secret":"s"})");
  CHECK(user.identity.role == "user");
  CHECK_FALSE(user.identity.is_admin);
  CHECK(user.identity.session.session_variables == R"({"x-hasura-role":"user","x-hasura-user-id":"25"})");
  CHECK_FALSE(user.identity.expires_at);
  CHECK_FALSE(user.cached_until);
  CHECK(read(R"({"x-hasura-role":"admin"})").identity.is_admin);

  const auto in_body = read(R"({"x-hasura-role":"user","Cache-Control":"max-age=600"})", "max-age=5");
  CHECK(in_body.identity.expires_at == 1600);
  CHECK(in_body.cached_until == 1600);
  const auto in_header = read(R"({"x-hasura-role":"user"})", "max-age=5");
  CHECK(in_header.identity.expires_at == 1005);
  CHECK(in_header.cached_until == 1005);
  CHECK_FALSE(read(R"({"x-hasura-role":"user"})", "max-age=0").identity.expires_at);
  CHECK_FALSE(read(R"({"x-hasura-role":"user"})", "no-store, max-age=5").identity.expires_at);
  CHECK(read(R"({"x-hasura-role":"user","cache-control":"max-age=0"})").identity.expires_at == 1000);
  const auto not_kept = read(R"({"x-hasura-role":"user","cache-control":"max-age=9"})", "no-store");
  CHECK(not_kept.identity.expires_at == 1009);
  CHECK_FALSE(not_kept.cached_until);
  CHECK(read(R"({"x-hasura-role":"user","Expires":"Thu, 01 Jan 1970 00:20:00 GMT"})").identity.expires_at == 1200);

  for (const char* wrong : {"", "{", "[]", "\"x\"", "null", R"({"x-hasura-role":5})",
                            R"({"x-hasura-role":"user","a":1})", R"({"x-hasura-role":"user","x-hasura-role":"user"})",
                            R"({"x-hasura-role":"user","X-Hasura-Role":"admin"})", R"({"x-hasura-role":["user"]})"}) {
    try {
      read(wrong);
      FAIL(wrong);
    } catch (const Error& error) {
      CHECK(error.code() == "unexpected");
      CHECK_THAT(error.message(), StartsWith("Invalid response from authorization hook: "));
    }
  }
  for (const char* nobody : {"{}", R"({"x-hasura-role":""})", R"({"x-hasura-user-id":"1"})"})
    CHECK_THROWS_WITH(read(nobody), "x-hasura-role not found in session variables");
}
