#include "transport/malformed.hpp"

#include "transport/body_budget.hpp"

namespace threefactor::transport {

std::string Malformed::headers() const {
  switch (status) {
    case 405:
      return "Allow: POST\r\n";
    case 415:
      return "Accept: application/json\r\nAccept-Encoding: gzip, identity\r\n";
    case 503:
      return std::string(transport::kRetryAfter);
    default:
      return {};
  }
}

}  // namespace threefactor::transport
