// POST /v1/graphql/explain: the SQL of a query or subscription, and how Postgres would run it for a given role. Nothing
// is executed. Dialect reference, section 12.
#pragma once

#include "transport/http_message.hpp"
#include "transport/service.hpp"

namespace threefactor::transport {

// REQUIRES: an administrator asks.
void HandleExplain(Service& service, const HttpRequest& request);

}  // namespace threefactor::transport
