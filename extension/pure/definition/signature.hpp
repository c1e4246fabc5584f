// Signatures as in Standard Webhooks 1.0.0 (symmetric, v1).
#pragma once

#include <memory>
#include <string>
#include <string_view>

typedef struct evp_mac_ctx_st EVP_MAC_CTX;

namespace threefactor::delivery {

// A secret, made ready once: signing is then three passes of SHA-256, without setting up a key. A copy shares what it
// signs with, so one thread uses all copies.
class SigningKey {
 public:
  // whsec_ and base64. Throws std::invalid_argument, which does not tell the secret.
  explicit SigningKey(std::string_view secret);

  // "v1,<base64>" over "id.timestamp.body".
  std::string Sign(std::string_view id, std::string_view timestamp, std::string_view body) const;

 private:
  std::shared_ptr<EVP_MAC_CTX> context_;
};

}  // namespace threefactor::delivery
