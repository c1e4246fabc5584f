// GraphQL over HTTP: POST and GET, single operations and batches (dialect reference, sections 12 and 18).
#pragma once

#include "transport/http_message.hpp"
#include "transport/service.hpp"

namespace threefactor::transport {

enum class GraphqlPath {
  kV1,        // /v1/graphql: status 200 for every well-formed request whose client asks for application/json
  kV1Alpha1,  // /v1alpha1/graphql: real statuses
};

void HandleGraphql(Service& service, GraphqlPath path, const HttpRequest& request);

// Which of the two media types an Accept header asks for.
bool WantsGraphqlResponse(std::string_view accept);

// The session that a compiled operation runs in: reads of an administrator need no settings, which keeps them to one
// prepared statement.
execute::Session SessionFor(const Identity& identity, const sql::Compiled& compiled);

}  // namespace threefactor::transport
