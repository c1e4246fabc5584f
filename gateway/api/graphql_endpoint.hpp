// GraphQL over HTTP: POST and GET, single operations and batches (gateway/dialect/http.md).
#pragma once

#include "api/service.hpp"
#include "transport/http_router.hpp"

namespace threefactor::api {

enum class GraphqlPath {
  kV1,        // /v1/graphql: status 200 for every well-formed request whose client asks for application/json
  kV1Alpha1,  // /v1alpha1/graphql: real statuses
};

// As transport::Endpoint::Admit.
void AdmitGraphql(Service& service, GraphqlPath path, const transport::Admittance& request,
                  const transport::Endpoint::Decide& decide);
void HandleGraphql(Service& service, GraphqlPath path, const transport::HttpRequest& request);

// Which of the two media types an Accept header asks for.
bool WantsGraphqlResponse(std::string_view accept);

}  // namespace threefactor::api
