// The Hasura metadata API over HTTP: /v1/query, /v2/query, /v1/metadata. Administrators only. Each request type maps to
// a SQL function of the schema threefactor (or to run_sql); `bulk` runs all of its parts in one transaction.
// Dialect reference, section 13.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "transport/service.hpp"

namespace threefactor::metadata {

struct Reply {
  int status = 200;
  std::string body;
};

// Calls `done` once on the service's loop.
void HandleRequest(transport::Service& service, const execute::Session& session, std::string_view body,
                   std::function<void(Reply)> done);

}  // namespace threefactor::metadata
