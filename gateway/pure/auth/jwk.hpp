// A JWK set (RFC 7517), as an issuer publishes its keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/key.hpp"

namespace threefactor::auth {

struct JwkSet {
  std::vector<Key> keys;             // that verify signatures
  std::vector<std::string> omitted;  // of the others: why, each with the place in the set
};

inline constexpr std::size_t kMostKeys = 100;
inline constexpr std::size_t kLargestJwkSet = 1 << 20;  // bytes

// Keys for other uses, secrets, private keys and kinds that are not served are omitted.
// Throws Error(kInvalidConfiguration): it is no JWK set, or has no key that can be used.
JwkSet ReadJwkSet(std::string_view text);

}  // namespace threefactor::auth
