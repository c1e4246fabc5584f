// The validation of CloudEvents webhooks (section 4 of "HTTP 1.1 Web Hooks for Event Delivery"): an endpoint is asked,
// by OPTIONS, whether it wants deliveries from here, before it gets the first.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "event/time.hpp"
#include "http/request.hpp"

namespace threefactor::delivery {

// An endpoint wants deliveries.
struct Consent {
  double rate = 0;                  // so many each second; 0: any number
  std::vector<std::uint64_t> held;  // the ids of requests that were not sent
};

class Consents {
 public:
  using Send = std::function<void(HttpRequest)>;

  // Who asks, a host name, from now on.
  void SetOrigin(std::string origin) { origin_ = std::move(origin); }

  // Sends the request, if it is to be validated only to a URL that has consented within the last hour: else holds it,
  // and sends a request that asks, unless one is under way.
  void Pass(HttpRequest request, Time now, const Send& send);

  // Takes the answers to what was asked out of `answers`: without a consent adds an answer with status 0 for each
  // request that was held; else these are to be made again, and will pass.
  std::vector<Consent> Take(std::vector<HttpAnswer>& answers, Time now);

 private:
  struct Endpoint {
    Time consented_until = 0;
    std::vector<std::uint64_t> held;  // while it is being asked
  };

  std::unordered_map<std::string, Endpoint> endpoints_;   // by URL
  std::unordered_map<std::uint64_t, std::string> asked_;  // URL by the id of the request: that of the first held
  std::string origin_;
};

}  // namespace threefactor::delivery
