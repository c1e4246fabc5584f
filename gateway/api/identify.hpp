// Who asks: by the admin secret, a token, the webhook, or as the unauthorized role. One way for every transport.
#pragma once

#include <httplib.h>

#include <map>
#include <string>
#include <string_view>

#include "api/service.hpp"
#include "auth/authenticator.hpp"

namespace threefactor::api {

// Whether it takes the request of GraphQL to tell who asks: the webhook is sent it.
bool NeedsRequest(const Service& service, const httplib::Request& request);

// Call `done` once, within the call or later on the service's loop. `graphql`: the request of GraphQL as JSON, where
// NeedsRequest; empty: it has none.
void Identify(Service& service, const httplib::Request& request, std::string_view graphql, const auth::Done& done);
// `headers`: of connection_init, names in lower case, which win over those of the WebSocket's handshake.
void Identify(Service& service, std::map<std::string, std::string> headers,
              const std::map<std::string, std::string>& handshake, const auth::Done& done);

}  // namespace threefactor::api
