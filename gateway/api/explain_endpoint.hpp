// POST /v1/graphql/explain: the SQL of a query or subscription, and how Postgres would run it for a given role. Nothing
// is executed. gateway/dialect/http.md, "Explain".
#pragma once

#include "api/service.hpp"
#include "transport/http_message.hpp"

namespace threefactor::api {

// REQUIRES: an administrator asks. Throws Malformed and Error.
void HandleExplain(Service& service, std::string_view body, std::shared_ptr<transport::Responder> responder);

}  // namespace threefactor::api
