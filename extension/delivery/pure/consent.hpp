// The validation of CloudEvents webhooks (section 4 of "HTTP 1.1 Web Hooks for Event Delivery"): an endpoint is asked,
// by OPTIONS, whether it wants deliveries from here, before it gets the first. Pure.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "delivery/pure/http.hpp"
#include "delivery/pure/state.hpp"

namespace threefactor::delivery {

class Consents {
 public:
  using Send = std::function<void(HttpRequest)>;

  // Who asks, a host name, from now on.
  void SetOrigin(std::string origin) { origin_ = std::move(origin); }

  // Sends the request, if it is to be validated only to a URL that has consented within the last hour: else holds it,
  // and sends a request that asks, unless one is under way.
  void Pass(HttpRequest request, Time now, const Send& send);

  // Takes the answers to what was asked out of `answers`: with a consent sends what was held for it, else adds an
  // answer with status 0 for each.
  void Take(std::vector<HttpAnswer>& answers, Time now, const Send& send);

 private:
  struct Endpoint {
    Time consented_until = 0;
    std::vector<HttpRequest> held;  // while it is being asked
  };

  void Answered(const HttpAnswer& answer, Time now, const Send& send, std::vector<HttpAnswer>& refused);

  std::string origin_;
  std::unordered_map<std::string, Endpoint> endpoints_;   // by URL
  std::unordered_map<std::uint64_t, std::string> asked_;  // URL by the id of the request: that of the first held
};

}  // namespace threefactor::delivery
