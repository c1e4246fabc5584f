#include "definition/signature.hpp"

#include <stdexcept>

#include <catch2/catch.hpp>

using threefactor::delivery::SigningKey;

// The example of the Standard Webhooks reference libraries.
TEST_CASE("a signature by Standard Webhooks, the same each time") {
  const SigningKey key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  for (int i = 0; i < 2; i++)
    CHECK(key.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})") ==
          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("padding is not part of the secret") {
  // 25 bytes of 'a', then of 26: their signatures differ.
  const SigningKey one("whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYQ==");
  const SigningKey two("whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=");
  CHECK(one.Sign("a", "1", "{}") == "v1,pzt6wE/354BpHyAl2nP0ULfb6YPpbrUmui/6xmbUr60=");
  CHECK(one.Sign("a", "1", "{}") != two.Sign("a", "1", "{}"));
}

TEST_CASE("a secret that is none is refused without being told") {
  for (const char* secret : {"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_!!!!", "whsec_abc"}) {
    CHECK_THROWS_AS(SigningKey(secret), std::invalid_argument);
    CHECK_THROWS_WITH(SigningKey(secret), !Catch::Contains("abc") && !Catch::Contains("!!!!"));
  }
}
