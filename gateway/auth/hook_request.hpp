// What the authentication webhook is sent of a request. Pure.
#pragma once

#include <string>
#include <string_view>

#include "auth/http_client.hpp"
#include "auth/presented.hpp"
#include "options/options.hpp"

namespace threefactor::auth {

// GET: the headers that say something of the client; POST: {"headers": all, "request": `request`}. `spellings`: headers
// as the client spelled them, by their names in lower case; others are spelled as in "X-Hasura-Role". `request`: JSON.
// Throws Error(kInvalidHeaders): a header that HTTP cannot carry.
HttpFetch MakeHookRequest(const Options::AuthHook& hook, const Headers& headers, const Headers& spellings,
                          std::string_view request);

}  // namespace threefactor::auth
