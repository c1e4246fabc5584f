#include "event/idempotency_key.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace threefactor {

UuidBytes IdempotencyKey(const UuidBytes& event_id, std::int32_t trigger_id) {
  constexpr std::string_view kDomain = "threefactor";
  std::array<std::uint8_t, kDomain.size() + sizeof(UuidBytes) + 4> input;
  auto* end = std::copy(kDomain.begin(), kDomain.end(), input.begin());
  end = std::copy(event_id.begin(), event_id.end(), end);
  const auto number = static_cast<std::uint32_t>(trigger_id);
  for (const int shift : {24, 16, 8, 0}) *end++ = static_cast<std::uint8_t>(number >> shift);

  std::array<std::uint8_t, 32> digest;
  if (EVP_Digest(input.data(), input.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not available");
  UuidBytes key;
  std::copy_n(digest.begin(), key.size(), key.begin());
  key[6] = static_cast<std::uint8_t>((key[6] & 0x0f) | 0x80);
  key[8] = static_cast<std::uint8_t>((key[8] & 0x3f) | 0x80);
  return key;
}

}  // namespace threefactor
