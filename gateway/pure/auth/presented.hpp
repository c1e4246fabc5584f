// The token that a request presents, by its headers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "auth/configuration.hpp"

namespace threefactor::auth {

using Headers = std::map<std::string, std::string>;  // names in lower case

// Borrows `headers`. Null: there is none at this place. Throws Error(kInvalidHeaders): an Authorization that is not
// "Bearer TOKEN", a cookie that is given twice.
std::optional<std::string_view> PresentedToken(const Headers& headers, const TokenPlace& place);

}  // namespace threefactor::auth
