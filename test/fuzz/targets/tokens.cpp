#include <algorithm>
#include <string>
#include <vector>

#include "auth/caching.hpp"
#include "auth/claims.hpp"
#include "auth/configuration.hpp"
#include "auth/hook_answer.hpp"
#include "auth/jwk.hpp"
#include "auth/presented.hpp"
#include "auth/verify.hpp"
#include "base/error.hpp"
#include "targets.hpp"
#include "unit/auth/signer.hpp"

namespace threefactor::fuzz {

namespace {

const std::string kSecret(32, 's');

const std::vector<auth::JwtConfiguration>& Configurations() {
  static const auto configurations = auth::ReadJwtSecrets(
      R"([{"type":"HS256","key":"ssssssssssssssssssssssssssssssss"},)"
      R"({"type":"HS256","key":"ssssssssssssssssssssssssssssssss","claims_namespace":"n","claims_format":"stringified_json"},)"
      R"({"type":"HS256","key":"ssssssssssssssssssssssssssssssss","audience":"a","issuer":"i","claims_map":)"
      R"({"x-hasura-allowed-roles":{"path":"$.r"},"x-hasura-default-role":{"path":"$.d[0]","default":"u"}}}])");
  return configurations;
}

template <typename Read>
void Refusable(std::vector<std::string_view> codes, const Read& read) {
  try {
    read();
  } catch (const Error& error) {
    Require(std::find(codes.begin(), codes.end(), error.code()) != codes.end());
  }
}

// Returns whether it verified.
bool Prove(const std::string& text) {
  bool is_verified = false;
  for (const auto& configuration : Configurations())
    Refusable({code::kInvalidJwt, code::kJwtInvalidClaims, code::kJwtMissingRoleClaims, code::kAccessDenied}, [&] {
      const auth::Token token = auth::ReadToken(text);
      auth::Verify(token, configuration, {&*configuration.key, 1}, 1'800'000'000);
      is_verified = true;
      const Identity identity = auth::IdentityOf(auth::ReadClaims(token.claims.root(), configuration), "");
      Require(identity.is_admin == (identity.role == "admin") && !identity.role.empty());
      ParseJson(identity.session.session_variables, "the variables");
    });
  return is_verified;
}

}  // namespace

void Tokens(std::string_view input) {
  if (input.empty() || input.size() > 1 << 14) return;
  const char kind = input.front();
  input.remove_prefix(1);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string_view first = input.substr(0, line);
  const std::string_view second = input.substr(std::min(line + 1, input.size()));
  switch (kind) {
    case 't':
      Prove(std::string(input));
      break;
    case 'j': {
      const std::string text = auth::SignedText(first, second);
      Require(!Prove(text + "."));
      Require(!Prove(text + "." + auth::EncodeBase64Url(auth::HmacOf("HS256", kSecret + "x", text))));
      Prove(text + "." + auth::EncodeBase64Url(auth::HmacOf("HS256", kSecret, text)));
      break;
    }
    case 'k':
      Refusable({code::kInvalidConfiguration}, [&] {
        for (const auth::Key& key : auth::ReadJwkSet(input).keys) Require(!key.Allows(auth::Algorithm::kHs256));
      });
      break;
    case 'c':
      Refusable({code::kInvalidConfiguration}, [&] { auth::ReadJwtSecret(input); });
      break;
    case 'p':
      Refusable({code::kInvalidConfiguration}, [&] { auth::ClaimPath(first).Find(Json()); });
      break;
    case 'o':
      Refusable({code::kInvalidHeaders}, [&] {
        const std::string cookies(input);
        auth::PresentedToken({{"cookie", cookies}}, {auth::TokenPlace::Kind::kCookie, "t"});
        auth::PresentedToken({{"authorization", cookies}}, {});
      });
      break;
    case 'a':
      Require(auth::ReadCaching(first, second, 1'800'000'000).lifetime.value_or(0) >= 0);
      break;
    case 'h':
      Refusable({code::kUnexpected, code::kInvalidParams},
                [&] { Require(!auth::ReadHookAnswer(input, "max-age=5", "", 0).identity.role.empty()); });
      break;
    default:
      break;
  }
}

}  // namespace threefactor::fuzz
