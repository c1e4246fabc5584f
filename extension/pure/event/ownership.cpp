#include "event/ownership.hpp"

#include <cstring>

namespace threefactor {

std::uint64_t OwnershipHash(std::int32_t trigger_id, const UuidBytes& event_id, std::uint64_t order_key) {
  std::uint64_t hash = order_key;
  if (hash == 0) std::memcpy(&hash, event_id.data() + event_id.size() - sizeof hash, sizeof hash);
  hash ^= static_cast<std::uint64_t>(static_cast<std::uint32_t>(trigger_id)) << 32;
  // splitmix64: every bit of the input counts in every bit of the result.
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

}  // namespace threefactor
