#include "kit/signature.hpp"

#include <stdexcept>

#include <catch2/catch.hpp>

#include "definition/signature.hpp"
#include "kit/call.hpp"

namespace threefactor::kit {

namespace {

const std::string kOld = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string kNew = "whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYQ==";
constexpr std::int64_t kNow = 1614265330;
constexpr std::string_view kBody = R"({"test": 2432232314})";

// As a delivery is signed.
std::string SignedBy(const std::vector<std::string>& secrets, std::string_view body = kBody) {
  std::string signatures;
  for (const std::string& secret : secrets) {
    if (!signatures.empty()) signatures += ' ';
    signatures += delivery::SigningKey(secret).Sign("msg_1", "1614265330", body);
  }
  return signatures;
}

std::string ReasonAgainst(const std::vector<std::string>& secrets, const SignedRequest& request,
                          std::int64_t now = kNow) {
  try {
    Verifier(secrets).Verify(request, now);
    return "";
  } catch (const Rejected& rejected) {
    CHECK(rejected.status() == 401);
    return rejected.what();
  }
}

}  // namespace

TEST_CASE("What a delivery was signed with verifies, also while secrets rotate") {
  const std::string by_both = SignedBy({kNew, kOld});
  const SignedRequest request{"msg_1", "1614265330", by_both, kBody};
  CHECK(ReasonAgainst({kOld}, request) == "");
  CHECK(ReasonAgainst({kNew}, request) == "");
  const std::string by_old = SignedBy({kOld});
  CHECK(ReasonAgainst({kNew, kOld}, {"msg_1", "1614265330", by_old, kBody}) == "");
  CHECK(ReasonAgainst({kNew}, {"msg_1", "1614265330", by_old, kBody}) == "the signature is not valid");
}

TEST_CASE("Anything that was changed does not verify") {
  const std::string signature = SignedBy({kOld});
  const std::string other_version = "v1a," + signature.substr(3);
  const std::string part = signature.substr(0, 20);
  for (const SignedRequest& request : std::vector<SignedRequest>{{"msg_1", "1614265330", signature, "{}"},
                                                                 {"msg_2", "1614265330", signature, kBody},
                                                                 {"msg_1", "1614265331", signature, kBody},
                                                                 {"msg_1", "1614265330", other_version, kBody},
                                                                 {"msg_1", "1614265330", part, kBody},
                                                                 {"msg_1", "1614265330", "v1,", kBody},
                                                                 {"msg_1", "1614265330", "", kBody}})
    CHECK(ReasonAgainst({kOld}, request) == "the signature is not valid");
  CHECK(ReasonAgainst({}, {"msg_1", "1614265330", signature, kBody}) == "the signature is not valid");
}

TEST_CASE("A signature is good for five minutes") {
  const std::string signature = SignedBy({kOld});
  const SignedRequest request{"msg_1", "1614265330", signature, kBody};
  CHECK(ReasonAgainst({kOld}, request, kNow + 300) == "");
  CHECK(ReasonAgainst({kOld}, request, kNow - 300) == "");
  CHECK(ReasonAgainst({kOld}, request, kNow + 301) == "the signature is not of these five minutes");
  CHECK(ReasonAgainst({kOld}, request, kNow - 301) == "the signature is not of these five minutes");
  for (const char* timestamp : {"", "now", "1614265330x", "99999999999999999999"})
    CHECK(ReasonAgainst({kOld}, {"msg_1", timestamp, signature, kBody}) ==
          "the request has no webhook-id or no webhook-timestamp");
}

TEST_CASE("A secret that is none is refused") {
  CHECK_THROWS_AS(Verifier({"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}), std::invalid_argument);
  CHECK_THROWS_AS(Verifier({"whsec_!!!!"}), std::invalid_argument);
}

}  // namespace threefactor::kit
