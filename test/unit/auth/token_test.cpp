#include "auth/token.hpp"

#include <catch2/catch.hpp>

#include "auth/claims.hpp"
#include "auth/verify.hpp"
#include "signer.hpp"

using namespace threefactor::auth;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using threefactor::Error;
using threefactor::Identity;

namespace {

const std::string kSecret(32, 's');
const std::string kHs256 = R"({"type":"HS256","key":")" + kSecret + "\"";
constexpr std::int64_t kNow = 1'800'000'000;

JwtConfiguration Configured(const std::string& further = "") {
  return ReadJwtSecret(kHs256 + further + "}");
}

Error Refusal(const std::string& text, const JwtConfiguration& configuration, std::int64_t now = kNow) {
  try {
    const Token token = ReadToken(text);
    Verify(token, configuration, {&*configuration.key, 1}, now);
    IdentityOf(ReadClaims(token.claims.root(), configuration), "");
  } catch (const Error& error) {
    return error;
  }
  return {"", "was not refused"};
}

std::string Why(const std::string& text, const JwtConfiguration& configuration, std::int64_t now = kNow) {
  const Error error = Refusal(text, configuration, now);
  const std::string prefix = "Could not verify JWT: ";
  if (error.code().empty()) return "";
  CHECK(error.code() == "invalid-jwt");
  REQUIRE_THAT(error.message(), StartsWith(prefix));
  return error.message().substr(prefix.size());
}

std::string WithHeader(const std::string& header, const std::string& claims = "{}") {
  const std::string text = SignedText(header, claims);
  return text + "." + EncodeBase64Url(HmacOf("HS256", kSecret, text));
}

// Claims of a user, with further members.
std::string User(const std::string& further = "", const std::string& variables = "") {
  return R"({"https://hasura.io/jwt/claims":{"x-hasura-allowed-roles":["user","editor"],"x-hasura-default-role":"user")" +
         variables + "}" + further + "}";
}

Identity Identified(const std::string& claims, const JwtConfiguration& configuration, std::string_view role = "") {
  const std::string text = HmacToken(kSecret, claims);  // which the token borrows
  const Token token = ReadToken(text);
  Verify(token, configuration, {&*configuration.key, 1}, kNow);
  return IdentityOf(ReadClaims(token.claims.root(), configuration), role);
}

}  // namespace

TEST_CASE("a token that is right says who asks", "[auth]") {
  const auto configuration = Configured();
  const std::string claims = User(R"(,"sub":"1")", R"(,"X-Hasura-User-Id":"1","other":5,"x-hasura-ids":"{1,2}")");
  const Identity user = Identified(claims, configuration);
  CHECK_FALSE(user.is_admin);
  CHECK(user.role == "user");
  CHECK(user.session.database_role.empty());
  CHECK(user.session.session_variables == R"({"x-hasura-role":"user","x-hasura-ids":"{1,2}","x-hasura-user-id":"1"})");
  CHECK_FALSE(user.expires_at);
  CHECK(Identified(claims, configuration, "editor").role == "editor");
  for (const char* role : {"admin", "User", "user ", "anonymous"}) {
    try {
      Identified(claims, configuration, role);
      FAIL("was not refused");
    } catch (const Error& error) {
      CHECK(error.code() == "access-denied");
      CHECK(error.message() == "Your requested role is not in allowed roles");
    }
  }
  // The role is chosen, not claimed; and no claim is the secret of an administrator.
  const Identity chosen =
      Identified(User("", R"(,"x-hasura-role":"admin","x-hasura-admin-secret":"s")"), configuration, "editor");
  CHECK(chosen.session.session_variables == R"({"x-hasura-role":"editor"})");
  CHECK_FALSE(chosen.is_admin);
}

TEST_CASE("the words of Hasura", "[auth]") {
  const auto configuration = Configured(R"(,"audience":["a","b"],"issuer":"i")");
  const std::string right = R"(,"aud":"b","iss":"i")";
  CHECK(Why(HmacToken(kSecret, User(right)), configuration).empty());
  CHECK(Why(HmacToken(kSecret, User(right + R"(,"exp":1799999999)")), configuration) == "JWTExpired");
  CHECK(Why(HmacToken(kSecret, User(right + R"(,"nbf":1800000001)")), configuration) == "JWTNotYetValid");
  CHECK(Why(HmacToken(kSecret + "x", User(right)), configuration) == "JWSError JWSInvalidSignature");
  CHECK(Why(HmacToken(kSecret, User(R"(,"aud":"c","iss":"i")")), configuration) == "JWTNotInAudience");
  CHECK(Why(HmacToken(kSecret, User(R"(,"aud":["x","a"],"iss":"i")")), configuration).empty());
  CHECK(Why(HmacToken(kSecret, User(R"(,"iss":"i")")), configuration) == "JWTNotInAudience");
  CHECK(Why(HmacToken(kSecret, User(R"(,"aud":7,"iss":"i")")), configuration) == "JWTNotInAudience");
  CHECK(Why(HmacToken(kSecret, User(R"(,"aud":"a","iss":"j")")), configuration) == "JWTNotInIssuer");
  CHECK(Why(HmacToken(kSecret, User(R"(,"aud":"a")")), configuration) == "JWTNotInIssuer");
  CHECK(Why("a.b", configuration) == "JWSError (CompactDecodeError Invalid number of parts: Expected 3 parts; got 2)");
}

TEST_CASE("exp and nbf share the skew, iat never refuses", "[auth]") {
  const auto exact = Configured();
  const auto skewed = Configured(R"(,"allowed_skew":60)");
  const auto expired = [](const std::string& exp) { return HmacToken(kSecret, User(",\"exp\":" + exp)); };
  CHECK(Why(expired("1800000000"), exact) == "JWTExpired");
  CHECK(Why(expired("1800000001"), exact).empty());
  CHECK(Why(expired("1800000000.9"), exact) == "JWTExpired");
  CHECK(Why(expired("1.8000000019e9"), exact).empty());
  CHECK(Why(expired("18e8"), exact) == "JWTExpired");
  CHECK(Why(expired("1e400"), exact).empty());
  CHECK(Why(expired("0"), exact) == "JWTExpired");
  CHECK(Why(expired("1e-999999999"), exact) == "JWTExpired");
  CHECK(Why(expired("-1"), exact) == "JWTExpired");
  CHECK(Why(expired("1799999941"), skewed).empty());
  CHECK(Why(expired("1799999940"), skewed) == "JWTExpired");
  for (const char* wrong : {"\"1800000001\"", "null", "true", "[1800000001]", "{}"})
    CHECK_THAT(Why(expired(wrong), exact), StartsWith("JWTClaimsSetDecodeError"));
  const auto from = [](const std::string& nbf) { return HmacToken(kSecret, User(",\"nbf\":" + nbf)); };
  CHECK(Why(from("1800000000"), exact).empty());
  CHECK(Why(from("1800000000.1"), exact) == "JWTNotYetValid");
  CHECK(Why(from("1800000060"), skewed).empty());
  CHECK(Why(from("1800000061"), skewed) == "JWTNotYetValid");
  for (const char* iat : {"1900000000", "\"x\"", "null", "-1"})
    CHECK(Why(HmacToken(kSecret, User(std::string(",\"iat\":") + iat)), exact).empty());
}

TEST_CASE("what a token may not ask for", "[auth]") {
  const auto configuration = Configured();
  const std::string user = User();
  CHECK(Why(WithHeader(R"({"alg":"HS256","typ":"JWT","cty":"x"})", user), configuration).empty());
  // No signature, or one by another algorithm than the operator's.
  for (const char* none : {"none", "None", "NONE", "nOnE"}) {
    const std::string text = SignedText(std::string(R"({"alg":")") + none + "\"}", user);
    CHECK_THAT(Why(text + ".", configuration), StartsWith("JWSError"));
    CHECK_THAT(Why(text + "." + EncodeBase64Url(HmacOf("HS256", kSecret, text)), configuration),
               StartsWith("JWSError"));
  }
  CHECK(Why(HmacToken(kSecret, user, "HS512"), configuration) == "JWSError JWSInvalidSignature");
  const Signer rsa("RSA");
  const auto rsa_configuration = [&] {
    JwtConfiguration made = Configured();
    made.algorithm = Algorithm::kRs256;
    made.key = Key(Algorithm::kRs256, rsa.PublicPem());
    return made;
  }();
  CHECK(Why(HmacToken(rsa.PublicPem(), user), rsa_configuration) == "JWSError JWSInvalidSignature");
  // Keys that the token brings, or names by something else than a name, are not looked at.
  for (const char* member :
       {R"("jwk":{"kty":"oct","k":"c3M"})", R"("jku":"http://127.0.0.1:1/")", R"("x5u":"file:///x")",
        R"("kid":"../../dev/null")", R"("kid":"' OR 1=1")", R"("kid":"")"}) {
    const std::string text = SignedText(std::string(R"({"alg":"HS256",)") + member + "}", user);
    CHECK(Why(text + "." + EncodeBase64Url(HmacOf("HS256", "ss", text)), configuration) ==
          "JWSError JWSInvalidSignature");
  }
  for (const char* header :
       {R"({"alg":"HS256","crit":["exp"],"exp":1})", R"({"alg":"HS256","crit":[]})", R"({"alg":"HS256","b64":false})",
        R"({"alg":"HS256","kid":5})", R"({"alg":"HS256","kid":["a"]})", R"({"alg":5})", R"({"alg":["HS256"]})", "{}",
        R"({"alg":"none","alg":"HS256"})", R"({"alg":"HS256","alg":"HS256"})", R"({"alg":"HS256","x":{"a":1,"a":2}})",
        R"({"alg":"HS999"})", "[]", "\"HS256\"", "", "{", "\xEF\xBB\xBF{\"alg\":\"HS256\"}"}) {
    CAPTURE(header);
    CHECK_THAT(Why(WithHeader(header, user), configuration), StartsWith("JWSError ("));
  }
}

TEST_CASE("claims are read once: a name that is given twice is refused at any depth", "[auth]") {
  const auto configuration = Configured();
  for (const char* further :
       {R"(,"exp":1,"exp":1900000000)", R"(,"a":{"b":[{"c":1,"c":2}]})", R"(,"https://hasura.io/jwt/claims":{})"})
    CHECK_THAT(Why(HmacToken(kSecret, User(further)), configuration), StartsWith("JWTClaimsSetDecodeError"));
  for (const char* claims : {"[]", "\"x\"", "", "{", "null", "{}x"})
    CHECK_THAT(Why(HmacToken(kSecret, claims), configuration), StartsWith("JWTClaimsSetDecodeError"));
  const Error twice = Refusal(HmacToken(kSecret, User("", R"(,"x-hasura-a":"1","X-HASURA-A":"2")")), configuration);
  CHECK(twice.code() == "jwt-invalid-claims");
}

TEST_CASE("a token of any length ends in an answer", "[auth]") {
  const auto configuration = Configured();
  std::string many = User();
  many.pop_back();
  for (int i = 0; i < 10'000; ++i) many += ",\"c" + std::to_string(i) + "\":1";
  const std::string token = HmacToken(kSecret, many + "}");
  CHECK_THAT(Why(token, configuration), Contains("longer than"));
  CHECK_THAT(Why(std::string(1 << 20, '.'), configuration), Contains("longer than"));
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  CHECK_THAT(Why(HmacToken(kSecret, User(",\"d\":" + deep)), configuration), StartsWith("JWTClaimsSetDecodeError"));
}

TEST_CASE("claims that are no strings, or not there", "[auth]") {
  const auto configuration = Configured();
  const auto refusal = [&](const std::string& space) {
    return Refusal(HmacToken(kSecret, R"({"https://hasura.io/jwt/claims":)" + space + "}"), configuration);
  };
  const std::string roles = R"("x-hasura-allowed-roles":["user"],"x-hasura-default-role":"user")";
  for (const char* value : {"5", "1.5", "true", "null", "[\"1\"]", "{\"a\":\"b\"}"}) {
    const Error error = refusal("{" + roles + ",\"x-hasura-user-id\":" + value + "}");
    CHECK(error.code() == "jwt-invalid-claims");
    CHECK_THAT(error.message(),
               StartsWith("x-hasura-* claims: parsing Text failed, expected String, but encountered ") &&
                   Contains("x-hasura-user-id"));
  }
  CHECK(refusal(R"({"x-hasura-allowed-roles":"user","x-hasura-default-role":"user"})").message() ==
        "invalid x-hasura-allowed-roles; should be a list of roles: parsing [] failed, expected Array, but encountered "
        "String");
  CHECK(refusal(R"({"x-hasura-allowed-roles":["user",5],"x-hasura-default-role":"user"})").code() ==
        "jwt-invalid-claims");
  CHECK(refusal(R"({"x-hasura-allowed-roles":["user"],"x-hasura-default-role":["user"]})").code() ==
        "jwt-invalid-claims");
  CHECK(refusal(R"({"x-hasura-allowed-roles":[""],"x-hasura-default-role":""})").code() == "jwt-invalid-claims");
  const Error no_roles = refusal(R"({"x-hasura-default-role":"user"})");
  CHECK(no_roles.code() == "jwt-missing-role-claims");
  CHECK(no_roles.message() == "JWT claim does not contain x-hasura-allowed-roles");
  CHECK(refusal(R"({"x-hasura-allowed-roles":["user"]})").message() ==
        "JWT claim does not contain x-hasura-default-role");
  CHECK(refusal(R"({"x-hasura-allowed-roles":[],"x-hasura-default-role":"user"})").code() == "access-denied");
  CHECK(refusal("[]").message() == "expecting a json object when claims_format is json");
  CHECK(Refusal(HmacToken(kSecret, "{}"), configuration).message() ==
        "claims key: 'https://hasura.io/jwt/claims' not found");
  std::string many = "{" + roles;
  for (int i = 0; i < 1100; ++i) many += ",\"" + std::to_string(i) + "\":1";
  CHECK(refusal(many + "}").code() == "jwt-invalid-claims");
}

TEST_CASE("where the claims are", "[auth]") {
  const std::string roles = R"({"x-hasura-allowed-roles":["user"],"x-hasura-default-role":"user","x-hasura-a":"1"})";
  const std::string want = R"({"x-hasura-role":"user","x-hasura-a":"1"})";
  const auto variables = [&](const std::string& claims, const std::string& further) {
    return Identified(claims, Configured(further)).session.session_variables;
  };
  CHECK(variables(R"({"n":)" + roles + "}", R"(,"claims_namespace":"n")") == want);
  CHECK(variables(R"({"a":{"b":[0,)" + roles + "]}}", R"(,"claims_namespace_path":"$.a.b[1]")") == want);
  CHECK(variables(R"({"https://x.y/z":{"q":)" + roles + "}}",
                  R"(,"claims_namespace_path":"$['https://x.y/z']['q']")") == want);
  CHECK(variables(roles, R"(,"claims_namespace_path":"$")") == want);
  const std::string stringified =
      R"("{\"x-hasura-allowed-roles\":[\"user\"],\"x-hasura-default-role\":\"user\",\"x-hasura-a\":\"1\"}")";
  CHECK(variables(R"({"n":)" + stringified + "}", R"(,"claims_namespace":"n","claims_format":"stringified_json")") ==
        want);
  for (const char* wrong : {"5", R"("{")", R"("[]")", R"("{\"a\":1,\"a\":2}")"})
    CHECK(Refusal(HmacToken(kSecret, std::string(R"({"n":)") + wrong + "}"),
                  Configured(R"(,"claims_namespace":"n","claims_format":"stringified_json")"))
              .code() == "jwt-invalid-claims");
  CHECK(Refusal(HmacToken(kSecret, "{}"), Configured(R"(,"claims_namespace_path":"$.a.b")")).message() ==
        "claims not found at claims_namespace_path: '$.a.b'");

  const std::string map =
      R"(,"claims_map":{"x-hasura-allowed-roles":{"path":"$.roles","default":["user"]},"x-hasura-default-role":"user",)"
      R"("X-Hasura-User-Id":{"path":"$.sub"},"x-hasura-org":{"path":"$.org[0]","default":"none"},"x-hasura-fixed":"f"})";
  CHECK(variables(R"({"sub":"7"})", map) ==
        R"({"x-hasura-role":"user","x-hasura-fixed":"f","x-hasura-org":"none","x-hasura-user-id":"7"})");
  CHECK(variables(R"({"sub":"7","org":["o"],"roles":["user","x"]})", map) ==
        R"({"x-hasura-role":"user","x-hasura-fixed":"f","x-hasura-org":"o","x-hasura-user-id":"7"})");
  CHECK(Refusal(HmacToken(kSecret, "{}"), Configured(map)).message() ==
        "JWT claim from claims_map, x-hasura-user-id not found");
  CHECK(Refusal(HmacToken(kSecret, R"({"sub":7})"), Configured(map)).code() == "jwt-invalid-claims");
  CHECK(Refusal(HmacToken(kSecret, R"({"sub":"7","roles":"user"})"), Configured(map)).code() == "jwt-invalid-claims");
}

TEST_CASE("which keys a token may need", "[auth]") {
  const JwtConfiguration configuration = Configured();
  const std::vector<Key> keys = {*configuration.key};
  const std::string text = WithHeader(R"({"alg":"HS256","kid":"a"})", R"({"iss":"i"})");
  const Token token = ReadToken(text);
  CHECK(HasKeyFor(token, keys));  // it has no name
  CHECK_FALSE(HasKeyFor(token, {}));
  CHECK(MayBeFrom(token, configuration));
  CHECK(MayBeFrom(token, Configured(R"(,"issuer":"i")")));
  CHECK_FALSE(MayBeFrom(token, Configured(R"(,"issuer":"j")")));
  const std::string without = WithHeader(R"({"alg":"HS256"})");
  CHECK(MayBeFrom(ReadToken(without), Configured(R"(,"issuer":"j")")));
}
