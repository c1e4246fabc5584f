// The Retry-After field of an answer (RFC 9110, 10.2.3): seconds, or an HTTP date in any of its three forms.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "event/time.hpp"

namespace threefactor::delivery {

// Nothing for what is neither; 0 for a date in the past. `now` in seconds since 1970.
std::optional<Milliseconds> ParseRetryAfter(std::string_view value, std::int64_t now);

}  // namespace threefactor::delivery
