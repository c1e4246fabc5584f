// What an authentication webhook answers with 200: {"X-Hasura-Role": ..., "X-Hasura-User-Id": ..., "Cache-Control":
// ...}.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/session.hpp"

namespace threefactor::auth {

struct HookAnswer {
  Identity identity;                         // expires_at is set where the answer says how long it holds
  std::optional<std::int64_t> cached_until;  // seconds since 1970; unset: the answer is for one request
};

inline constexpr std::size_t kLargestHookAnswer = 256 << 10;  // bytes

// `cache_control`, `expires`: headers of the answer; members of these names in its body, as Hasura reads them, win.
// Throws Error(kUnexpected): the body is not an object of strings. Throws Error(kInvalidParams): it names no role.
HookAnswer ReadHookAnswer(std::string_view body, std::string_view cache_control, std::string_view expires,
                          std::int64_t now);

}  // namespace threefactor::auth
