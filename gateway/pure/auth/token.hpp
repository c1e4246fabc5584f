// A JSON Web Token in its compact form (RFC 7515, 7519), taken apart; nothing of it is proven yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/algorithm.hpp"
#include "base/json.hpp"

namespace threefactor::auth {

inline constexpr std::size_t kLongestToken = 16 << 10;  // bytes

struct Token {
  Algorithm algorithm = Algorithm::kHs256;  // that the header claims
  std::optional<std::string> key_id;        // "kid"
  std::string_view signed_text;             // of the token's text, which is borrowed
  std::string signature;
  JsonDocument claims;  // an object, no member of which, at any depth, is given twice

  // Seconds since 1970; a fraction counts towards a shorter life. Far ones are kFarFuture.
  std::optional<std::int64_t> not_before;
  std::optional<std::int64_t> expires_at;
};
inline constexpr std::int64_t kFarFuture = 1'000'000'000'000;

// Throws Error(kInvalidJwt), which repeats nothing of the token.
Token ReadToken(std::string_view text);

}  // namespace threefactor::auth
