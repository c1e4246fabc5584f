// The idempotency key of a delivery: a UUID fixed by (event, event trigger), the same before and after a restore or a
// promotion. Also behind the SQL function threefactor.delivery_key.
#pragma once

#include <array>
#include <cstdint>

namespace threefactor {

using UuidBytes = std::array<std::uint8_t, 16>;

// The first 16 bytes of SHA-256("threefactor" || event id || trigger id as 4 bytes big-endian), marked as a UUID of
// version 8 (custom), variant 10 (RFC 9562, 5.8). Throws std::runtime_error if the digest is not available.
UuidBytes IdempotencyKey(const UuidBytes& event_id, std::int32_t trigger_id);

}  // namespace threefactor
