// Who sent a delivery: verifies the signature headers of Standard Webhooks 1.0.0.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace threefactor::kit {

struct SignedRequest {
  std::string_view id;         // header webhook-id
  std::string_view timestamp;  // header webhook-timestamp, seconds since 1970
  std::string_view signature;  // header webhook-signature
  std::string_view body;       // the bytes as received: parsed and written again they would not verify
};

// Immutable, so any thread may use it.
class Verifier {
 public:
  // whsec_ and base64; two while they rotate. Throws std::invalid_argument.
  explicit Verifier(const std::vector<std::string>& secrets);

  // Throws Rejected(401), saying why: a header is missing, no signature is of one of the secrets, or it was made more
  // than five minutes before or after `now` (seconds since 1970): somebody may be replaying it.
  void Verify(const SignedRequest& request, std::int64_t now) const;

 private:
  std::vector<std::string> keys_;
};

}  // namespace threefactor::kit
