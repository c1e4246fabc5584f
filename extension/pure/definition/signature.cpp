#include "definition/signature.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace threefactor::delivery {

namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kDigestSize = 32;

std::vector<unsigned char> Decode(std::string_view base64) {
  std::vector<unsigned char> bytes(base64.size() / 4 * 3 + 3);
  const int size = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(base64.data()),
                                   static_cast<int>(base64.size()));
  const int padding = base64.ends_with("==") ? 2 : base64.ends_with("=") ? 1 : 0;
  if (size <= padding) throw std::invalid_argument("the secret is not base64");
  bytes.resize(static_cast<std::size_t>(size - padding));
  return bytes;
}

}  // namespace

SigningKey::SigningKey(std::string_view secret) {
  if (!secret.starts_with(kPrefix)) throw std::invalid_argument("the secret does not begin with whsec_");
  const std::vector<unsigned char> key = Decode(secret.substr(kPrefix.size()));
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr), EVP_MAC_free);
  if (mac) context_.reset(EVP_MAC_CTX_new(mac.get()), EVP_MAC_CTX_free);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                   OSSL_PARAM_construct_end()};
  if (!context_ || EVP_MAC_init(context_.get(), key.data(), key.size(), parameters) != 1)
    throw std::runtime_error("HMAC-SHA256 is not available");
}

std::string SigningKey::Sign(std::string_view id, std::string_view timestamp, std::string_view body) const {
  const auto update = [&](std::string_view part) {
    return EVP_MAC_update(context_.get(), reinterpret_cast<const unsigned char*>(part.data()), part.size()) == 1;
  };
  std::array<unsigned char, kDigestSize> digest;
  std::size_t size = 0;
  // No key: the one it was made with.
  if (EVP_MAC_init(context_.get(), nullptr, 0, nullptr) != 1 || !update(id) || !update(".") || !update(timestamp) ||
      !update(".") || !update(body) || EVP_MAC_final(context_.get(), digest.data(), &size, digest.size()) != 1)
    throw std::runtime_error("signing failed");
  std::array<unsigned char, 4 * ((kDigestSize + 2) / 3) + 1> base64;
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
  return "v1," + std::string(base64.begin(), base64.begin() + length);
}

}  // namespace threefactor::delivery
