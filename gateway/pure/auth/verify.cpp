#include "auth/verify.hpp"

#include <algorithm>

namespace threefactor::auth {

namespace {

bool IsFor(const Json* audience, const std::vector<std::string>& wanted) {
  const auto is_wanted = [&](const Json& each) {
    return each.IsString() && std::find(wanted.begin(), wanted.end(), each.Text()) != wanted.end();
  };
  if (audience == nullptr) return false;
  const auto items = audience->Items();
  return is_wanted(*audience) || std::any_of(items.begin(), items.end(), is_wanted);
}

// A key that has another name than the token's is not tried. One without a name is.
bool MayBeKeyOf(const Token& token, const Key& key) {
  return !token.key_id || key.id().empty() || key.id() == *token.key_id;
}

void VerifySignature(const Token& token, const JwtConfiguration& configuration, std::span<const Key> keys) {
  bool has_key = false;
  const bool is_algorithm = !configuration.algorithm || *configuration.algorithm == token.algorithm;
  for (const Key& key : keys) {
    if (!MayBeKeyOf(token, key)) continue;
    has_key = true;
    if (is_algorithm && key.Verify(token.algorithm, token.signed_text, token.signature)) return;
  }
  throw NotVerified(has_key ? "JWSError JWSInvalidSignature" : "JWSError NoUsableKeys");
}

}  // namespace

Error NotVerified(std::string_view why) {
  return {code::kInvalidJwt, std::string("Could not verify JWT: ").append(why)};
}

bool HasKeyFor(const Token& token, std::span<const Key> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return MayBeKeyOf(token, key); });
}

bool MayBeFrom(const Token& token, const JwtConfiguration& configuration) {
  const Json* issuer = token.claims.root().Find("iss");
  return issuer == nullptr || !configuration.issuer || issuer->Text() == *configuration.issuer;
}

void Verify(const Token& token, const JwtConfiguration& configuration, std::span<const Key> keys, std::int64_t now) {
  VerifySignature(token, configuration, keys);
  const Json& claims = token.claims.root();
  if (token.expires_at && now >= *token.expires_at + configuration.allowed_skew) throw NotVerified("JWTExpired");
  if (token.not_before && now < *token.not_before - configuration.allowed_skew) throw NotVerified("JWTNotYetValid");
  const Json* issuer = claims.Find("iss");
  if (configuration.issuer && (issuer == nullptr || !issuer->IsString() || issuer->Text() != *configuration.issuer))
    throw NotVerified("JWTNotInIssuer");
  if (!configuration.audience.empty() && !IsFor(claims.Find("aud"), configuration.audience))
    throw NotVerified("JWTNotInAudience");
}

}  // namespace threefactor::auth
