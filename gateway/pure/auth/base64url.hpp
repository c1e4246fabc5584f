// base64url without padding (RFC 7515, section 2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace threefactor::auth {

// Null: other characters, padding, a length that no bytes have, or bits left over that are not zero. So bytes have one
// spelling.
std::optional<std::string> DecodeBase64Url(std::string_view text);

}  // namespace threefactor::auth
