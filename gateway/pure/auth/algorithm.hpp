// The signature algorithms of JSON Web Tokens that are served (RFC 7518, section 3; RFC 8037): all but "none".
#pragma once

#include <optional>
#include <string_view>

namespace threefactor::auth {

enum class Algorithm : unsigned char {
  kHs256,
  kHs384,
  kHs512,
  kRs256,
  kRs384,
  kRs512,
  kPs256,
  kPs384,
  kPs512,
  kEs256,
  kEs384,
  kEs512,
  kEdDsa,
};

// A set of them, as bits.
using Algorithms = unsigned;
constexpr Algorithms Only(Algorithm algorithm) {
  return 1U << static_cast<unsigned>(algorithm);
}
inline constexpr Algorithms kHmac = Only(Algorithm::kHs256) | Only(Algorithm::kHs384) | Only(Algorithm::kHs512);
inline constexpr Algorithms kRsa = Only(Algorithm::kRs256) | Only(Algorithm::kRs384) | Only(Algorithm::kRs512) |
                                   Only(Algorithm::kPs256) | Only(Algorithm::kPs384) | Only(Algorithm::kPs512);

// As the header "alg" has it. Null: none of these.
std::optional<Algorithm> AlgorithmNamed(std::string_view name);
// As the configuration's "type" has it: Ed25519 and Ed448 too, which are EdDSA.
std::optional<Algorithm> AlgorithmOfType(std::string_view type);

// Bytes of the digest that it is over; 0: EdDSA has its own.
int DigestBytes(Algorithm algorithm);

}  // namespace threefactor::auth
