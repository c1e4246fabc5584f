// Every HTTP endpoint of the gateway, as one table: the router and the reference page are made from it.
#pragma once

#include <span>
#include <string_view>

#include "api/service.hpp"
#include "transport/http_router.hpp"

namespace threefactor::api {

struct EndpointRow {
  enum class Methods { kGet, kPost, kGetAndPost, kOptions };
  enum class Access { kEveryone, kCaller, kAdmin };  // kCaller: whoever proves who he is

  Methods methods;
  std::string_view path;     // "*": every path
  std::string_view accepts;  // content type of the request's body; empty: there is no body
  Access access;
  std::string_view answers;  // one or more whole sentences
  transport::Endpoint (*make)(Service& service);
};

// Constant; safe on any thread.
std::span<const EndpointRow> EndpointTable();

// `service` outlives the router.
void AddEndpoints(transport::Router& router, Service& service);

}  // namespace threefactor::api
