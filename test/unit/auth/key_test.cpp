#include "auth/key.hpp"

#include <catch2/catch.hpp>

#include "auth/base64url.hpp"
#include "auth/jwk.hpp"
#include "base/error.hpp"
#include "signer.hpp"

using namespace threefactor::auth;
using Catch::Matchers::Contains;
using threefactor::Error;

namespace {

std::string Decoded(std::string_view text) {
  return DecodeBase64Url(text).value();
}

const std::string kSecret(64, 's');

}  // namespace

TEST_CASE("base64url: bytes have one spelling", "[auth]") {
  CHECK(Decoded("") == "");
  CHECK(Decoded("AA") == std::string(1, '\0'));
  CHECK(Decoded("-_8") == "\xFB\xFF");
  for (const char* wrong : {"A", "AB", "AA==", "A A", "+/8", "AAAAA", "AAB", "A\n"}) {
    CAPTURE(wrong);
    CHECK_FALSE(DecodeBase64Url(wrong).has_value());
  }
}

TEST_CASE("the signatures of RFC 7515 and RFC 8037 verify", "[auth]") {
  const std::string claims =
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const Key secret(Algorithm::kHs256,
                   Decoded("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
  CHECK(secret.Verify(Algorithm::kHs256, "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + claims,
                      Decoded("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")));

  const JwkSet set = ReadJwkSet(
      R"({"keys":[{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-)"
      R"(4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSX)"
      R"(ndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DW)"
      R"(NmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"},)"
      R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
      R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},)"
      R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})");
  REQUIRE(set.omitted.empty());
  REQUIRE(set.keys.size() == 3);
  CHECK(set.keys[0].Verify(
      Algorithm::kRs256, "eyJhbGciOiJSUzI1NiJ9." + claims,
      Decoded(
          "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdb"
          "F9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383L"
          "cOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywl"
          "VmtVrBp0igcN_IoypGlUPQGe77Rw")));
  CHECK(
      set.keys[1].Verify(Algorithm::kEs256, "eyJhbGciOiJFUzI1NiJ9." + claims,
                         Decoded("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1"
                                 "Q")));
  CHECK(set.keys[2].Verify(
      Algorithm::kEdDsa, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
      Decoded("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
              "")));
}

TEST_CASE("every algorithm verifies what its key has signed, and nothing else", "[auth]") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> kinds = {
      {"RSA", {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}},
      {"P-256", {"ES256"}},
      {"P-384", {"ES384"}},
      {"P-521", {"ES512"}},
      {"ED25519", {"EdDSA"}},
      {"ED448", {"EdDSA"}}};
  for (const auto& [kind, names] : kinds) {
    const Signer signer(kind);
    const Signer other(kind);
    for (const std::string& name : names) {
      CAPTURE(kind, name);
      const Algorithm algorithm = AlgorithmNamed(name).value();
      const Key key(algorithm, signer.PublicPem());
      const std::string signature = signer.Sign(name, "a.b");
      CHECK(key.Verify(algorithm, "a.b", signature));
      CHECK_FALSE(key.Verify(algorithm, "a.c", signature));
      CHECK_FALSE(key.Verify(algorithm, "a.b", other.Sign(name, "a.b")));
      for (const std::string& wrong :
           {std::string(), signature + 'x', signature.substr(1), std::string(signature.size(), '\0')})
        CHECK_FALSE(key.Verify(algorithm, "a.b", wrong));
      for (int i = 0; i < 13; ++i)
        if (static_cast<Algorithm>(i) != algorithm)
          CHECK_FALSE(key.Verify(static_cast<Algorithm>(i), "a.b", signature));
    }
  }
  for (const char* name : {"HS256", "HS384", "HS512"}) {
    const Algorithm algorithm = AlgorithmNamed(name).value();
    const Key key(algorithm, kSecret);
    CHECK(key.Verify(algorithm, "a.b", HmacOf(name, kSecret, "a.b")));
    CHECK_FALSE(key.Verify(algorithm, "a.b", HmacOf(name, kSecret + "x", "a.b")));
    CHECK_FALSE(key.Verify(algorithm, "a.b", HmacOf(name, kSecret, "a.b").substr(1)));
    CHECK_FALSE(key.Verify(algorithm, "a.b", ""));
  }
}

TEST_CASE("a public key is no secret: nobody signs with it", "[auth]") {
  const Signer signer("RSA");
  const std::string pem = signer.PublicPem();
  const Key key(Algorithm::kRs256, pem);
  CHECK_FALSE(key.Verify(Algorithm::kHs256, "a.b", HmacOf("HS256", pem, "a.b")));
  CHECK_THROWS_WITH(Key(Algorithm::kHs256, pem), Contains("PEM"));
}

TEST_CASE("a key that does not fit, is too short or private is refused", "[auth]") {
  const std::string rsa = Signer("RSA").PublicPem();
  CHECK_THROWS_WITH(Key(Algorithm::kHs256, std::string(31, 's')), Contains("32"));
  CHECK_THROWS_WITH(Key(Algorithm::kHs384, std::string(47, 's')), Contains("48"));
  CHECK_THROWS_WITH(Key(Algorithm::kHs512, std::string(63, 's')), Contains("64"));
  CHECK_THROWS_AS(Key(Algorithm::kEs256, rsa), Error);
  CHECK_THROWS_AS(Key(Algorithm::kEdDsa, rsa), Error);
  CHECK_THROWS_AS(Key(Algorithm::kEs256, Signer("P-384").PublicPem()), Error);
  CHECK_THROWS_AS(Key(Algorithm::kRs256, Signer("P-256").PublicPem()), Error);
  CHECK_THROWS_WITH(Key(Algorithm::kRs256, Signer("RSA", 1024).PublicPem()), Contains("2048"));
  const std::string secret_key = Signer("RSA").PrivatePem();
  CHECK_THROWS_WITH(Key(Algorithm::kRs256, secret_key), Contains("private"));
  for (const std::string& wrong :
       {std::string(), std::string("x"), rsa.substr(0, 100), std::string("-----BEGIN CERTIFICATE-----\n")})
    CHECK_THROWS_WITH(Key(Algorithm::kRs256, wrong), Contains("PEM"));
}

TEST_CASE("of a JWK set only keys that verify signatures are used", "[auth]") {
  const std::string good =
      R"({"kty":"EC","crv":"P-256","kid":"good","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")";
  const std::vector<std::pair<std::string, std::string>> omitted = {
      {R"({"kty":"oct","k":"c2VjcmV0"})", "secret"},
      {good + R"(,"d":"AA"})", "private"},
      {good + R"(,"use":"enc"})", "use"},
      {good + R"(,"key_ops":["sign"]})", "key_ops"},
      {good + R"(,"alg":"RS256"})", "alg"},
      {good + R"(,"alg":"none"})", "alg"},
      {good + R"(,"kid":"twice"})", "twice"},
      {R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"})",
       ""},
      {R"({"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"})", "curve"},
      {R"({"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})", "curve"},
      {R"({"kty":"OKP","crv":"Ed25519","x":"AA"})", "size"},
      {R"({"kty":"RSA","n":"ofgWCuLjybRlzo0t","e":"AQAB"})", "2048"},
      {R"({"kty":"RSA","n":7,"e":"AQAB"})", "string"},
      {R"({"kty":"RSA","e":"AQAB"})", "base64url"},
      {R"({"kty":"PBX"})", "kty"},
      {R"("text")", "object"},
  };
  for (const auto& [jwk, why] : omitted) {
    CAPTURE(jwk);
    const JwkSet set = ReadJwkSet(R"({"keys":[)" + jwk + "," + good + "}]}");
    REQUIRE(set.keys.size() == 1);
    CHECK(set.keys[0].id() == "good");
    REQUIRE(set.omitted.size() == 1);
    CHECK_THAT(set.omitted[0], Contains("$.keys[0]") && Contains(why));
    CHECK_THROWS_AS(ReadJwkSet(R"({"keys":[)" + jwk + "]}"), Error);
  }
  for (const char* wrong :
       {"", "{", "[]", "{}", R"({"keys":{}})", R"({"keys":[]})", R"({"keys":[],"keys":[]})", "<html>"})
    CHECK_THROWS_AS(ReadJwkSet(wrong), Error);
  std::string many = "{\"keys\":[";
  for (int i = 0; i < 101; ++i) many += (i > 0 ? "," : "") + good + "}";
  CHECK_THROWS_WITH(ReadJwkSet(many + "]}"), Contains("100"));
}
