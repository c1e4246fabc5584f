#include "auth/algorithm.hpp"

#include <algorithm>
#include <array>

namespace threefactor::auth {

namespace {

constexpr std::array<std::string_view, 13> kNames = {"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256",
                                                     "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"};

}  // namespace

std::optional<Algorithm> AlgorithmNamed(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Algorithm>(found - kNames.begin());
}

std::optional<Algorithm> AlgorithmOfType(std::string_view type) {
  if (type == "Ed25519" || type == "Ed448") return Algorithm::kEdDsa;
  return AlgorithmNamed(type);
}

int DigestBytes(Algorithm algorithm) {
  if (algorithm == Algorithm::kEdDsa) return 0;
  return 32 + static_cast<int>(algorithm) % 3 * 16;
}

}  // namespace threefactor::auth
