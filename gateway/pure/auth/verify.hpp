// Whether a token is what its issuer has signed, and for us, and now.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "auth/configuration.hpp"
#include "auth/key.hpp"
#include "auth/token.hpp"
#include "base/error.hpp"

namespace threefactor::auth {

// Error(kInvalidJwt, "Could not verify JWT: " and why): the words of Hasura, which clients match on.
Error NotVerified(std::string_view why);

// Whether the keys are those that the token needs: false where it names a key that is not among them.
bool HasKeyFor(const Token& token, std::span<const Key> keys);

// Whether the configuration may be that of the token: their issuers are equal, or one of them has none.
bool MayBeFrom(const Token& token, const JwtConfiguration& configuration);

// Throws NotVerified: the signature first, then exp, nbf, issuer and audience. `now`: seconds since 1970. "iat" never
// refuses. A token is valid up to exp + allowed_skew, exclusively.
void Verify(const Token& token, const JwtConfiguration& configuration, std::span<const Key> keys, std::int64_t now);

}  // namespace threefactor::auth
