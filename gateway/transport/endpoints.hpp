// Every HTTP endpoint of the gateway, by path.
#pragma once

#include "transport/http_router.hpp"
#include "transport/service.hpp"

namespace threefactor::transport {

// `service` outlives the router.
void AddEndpoints(Router& router, Service& service);

}  // namespace threefactor::transport
