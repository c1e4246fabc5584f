// The claims of a verified token -> who asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/configuration.hpp"
#include "auth/session_variables.hpp"
#include "base/json.hpp"
#include "base/session.hpp"

namespace threefactor::auth {

struct Claims {
  std::vector<std::string> allowed_roles;
  std::string default_role;
  SessionVariables variables;              // without the roles
  std::optional<std::int64_t> expires_at;  // as Identity has it; the reader of claims leaves it unset
};

inline constexpr std::size_t kMostVariables = 1000;

// Throws Error(kJwtMissingRoleClaims), Error(kJwtInvalidClaims).
Claims ReadClaims(const Json& claims, const JwtConfiguration& configuration);

// `requested`: the value of X-Hasura-Role; empty: the default role is meant.
// Throws Error(kAccessDenied): the role is not among the allowed ones.
Identity IdentityOf(const Claims& claims, std::string_view requested);
// Of one who proved nothing, or of whom a webhook has said who he is.
Identity IdentityOf(std::string_view role, const SessionVariables& variables);

}  // namespace threefactor::auth
