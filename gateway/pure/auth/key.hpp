// Keys that verify tokens, by OpenSSL. A key says by itself which algorithms it may be used with: a token chooses among
// them and never adds one (RFC 8725, section 3.1).
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

#include "auth/algorithm.hpp"

namespace threefactor::auth {

using PublicKey = std::shared_ptr<EVP_PKEY>;

// Immutable; copies share what OpenSSL holds. Any thread may verify.
class Key {
 public:
  // The "key" of the configuration: the bytes of a secret for HS*, else the PEM text of a public key or certificate.
  // Throws Error(kInvalidConfiguration): not such a key, of another algorithm or curve, too short, or private.
  Key(Algorithm algorithm, std::string_view text);
  // `algorithms` must fit the key (AlgorithmsOf).
  Key(std::string id, Algorithms algorithms, PublicKey key);

  // What JWK sets and tokens call it; empty: nothing.
  const std::string& id() const { return id_; }
  bool Allows(Algorithm algorithm) const { return (algorithms_ & Only(algorithm)) != 0; }
  // Whether `signature` is that of `text` by this key. False too where the key does not allow the algorithm.
  bool Verify(Algorithm algorithm, std::string_view text, std::string_view signature) const;

 private:
  std::string id_;
  Algorithms algorithms_ = 0;
  std::string secret_;  // of HS*
  PublicKey public_;    // of all others
};

// The algorithms that a public key can be used with, none for kinds, curves and sizes that are not served.
Algorithms AlgorithmsOf(EVP_PKEY& key);

inline constexpr int kLeastRsaBits = 2048;

}  // namespace threefactor::auth
