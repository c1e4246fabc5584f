// Where the queues ask whether an endpoint takes another request. Implemented over shared memory by
// delivery/endpoints.hpp.
#pragma once

#include "endpoint/endpoint.hpp"

namespace threefactor::delivery {

class EndpointGate {
 public:
  virtual ~EndpointGate() = default;
  virtual Verdict Enter(EndpointKey endpoint, Time now) = 0;
  virtual void Leave(EndpointKey endpoint, bool probe, Effect effect, Time now) = 0;
};

}  // namespace threefactor::delivery
