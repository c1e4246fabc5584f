// The GraphQL request of one whom the authentication webhook is asked about.
#pragma once

#include <string>

#include "api/service.hpp"
#include "transport/http_router.hpp"

namespace threefactor::api {

// As JSON: {"query", "operationName", "variables"} of a GET, the body of a POST. Empty: it is no JSON, which the client
// is told once it is known. Throws Malformed: the body cannot be decompressed.
std::string RequestText(const Service& service, const transport::Admittance& request);

}  // namespace threefactor::api
