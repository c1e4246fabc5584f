#include "schema/hash_order.hpp"

namespace threefactor::schema {

std::uint64_t HashPlace(std::string_view name) {
  constexpr std::uint64_t kSalt = 0xdc36d1615b7400a4;
  constexpr std::uint64_t kPrime = 16777619;
  std::uint64_t hash = kSalt;
  for (const char c : name) {
    hash = (hash * kPrime) ^ static_cast<unsigned char>(c);
    hash *= kPrime;  // the upper half of the character, which is zero
  }
  // The map branches on the lowest bits first.
  std::uint64_t place = 0;
  for (int level = 0; level < 16; ++level, hash >>= 4) place = place << 4 | (hash & 15);
  return place;
}

}  // namespace threefactor::schema
