// What the operator says of tokens: HASURA_GRAPHQL_JWT_SECRET, an object, or HASURA_GRAPHQL_JWT_SECRETS, a list of
// them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/claim_path.hpp"
#include "auth/key.hpp"

namespace threefactor::auth {

// A value of claims_map: a path into the token with what holds where there is none, or the value itself (no path).
template <typename Value>
struct ClaimSource {
  std::optional<ClaimPath> path;
  std::optional<Value> value;
};

struct ClaimsMap {
  ClaimSource<std::vector<std::string>> allowed_roles;
  ClaimSource<std::string> default_role;
  std::map<std::string, ClaimSource<std::string>> others;  // by session variable, in lower case
};

// Where in a request the token is.
struct TokenPlace {
  enum class Kind : unsigned char { kAuthorization, kCookie, kHeader };
  Kind kind = Kind::kAuthorization;
  std::string name;  // of the cookie, or of the header in lower case
  bool operator==(const TokenPlace&) const = default;
};

// One issuer.
struct JwtConfiguration {
  std::optional<Algorithm> algorithm;  // "type"; unset: each key of the JWK set says its own
  std::optional<Key> key;              // unset: those of jwk_url
  std::string jwk_url;

  std::string claims_namespace = "https://hasura.io/jwt/claims";
  std::optional<ClaimPath> claims_namespace_path;  // instead of claims_namespace
  std::optional<ClaimsMap> claims_map;             // instead of both
  bool are_claims_stringified = false;

  std::vector<std::string> audience;  // one of them must be the token's; empty: any is
  std::optional<std::string> issuer;
  std::int64_t allowed_skew = 0;  // seconds, of exp and nbf
  TokenPlace place;
};

// Throw Error(kInvalidConfiguration), which names the member by its path and repeats no key: an unknown or repeated
// member, one of another type, members that contradict each other.
JwtConfiguration ReadJwtSecret(std::string_view text);
std::vector<JwtConfiguration> ReadJwtSecrets(std::string_view text);

}  // namespace threefactor::auth
