// How long an answer may be kept (RFC 9111): by its Cache-Control, else by its Expires.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace threefactor::auth {

struct Caching {
  bool is_forbidden = false;             // no-cache or no-store
  std::optional<std::int64_t> lifetime;  // seconds, not negative; unset: the answer does not say
};

// s-maxage wins over max-age, both over Expires. `now`: seconds since 1970. What cannot be understood counts as not
// said; a date that cannot be read is one in the past. Lifetimes end at a year.
Caching ReadCaching(std::string_view cache_control, std::string_view expires, std::int64_t now);

}  // namespace threefactor::auth
