#include "kit/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

#include "kit/call.hpp"

namespace threefactor::kit {

namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::string_view kVersion = "v1,";
constexpr std::int64_t kTolerance = 5 * 60;

std::string Decode(std::string_view base64) {
  std::string bytes(base64.size() / 4 * 3 + 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(base64.data()), static_cast<int>(base64.size()));
  const int padding = base64.ends_with("==") ? 2 : base64.ends_with("=") ? 1 : 0;
  if (size <= padding) throw std::invalid_argument("a secret is not base64");
  bytes.resize(static_cast<std::size_t>(size - padding));
  return bytes;
}

std::string Sign(const std::string& key, const std::string& content) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(content.data()),
       content.size(), digest, &size);
  unsigned char base64[2 * EVP_MAX_MD_SIZE];
  const int length = EVP_EncodeBlock(base64, digest, static_cast<int>(size));
  return {reinterpret_cast<char*>(base64), static_cast<std::size_t>(length)};
}

// In a time that does not tell how much of it is right.
bool Equal(std::string_view given, std::string_view expected) {
  return given.size() == expected.size() && CRYPTO_memcmp(given.data(), expected.data(), given.size()) == 0;
}

// `signatures` is a list, parted by spaces; those of other versions are passed over.
bool Holds(std::string_view signatures, std::string_view expected) {
  bool holds = false;
  while (!signatures.empty()) {
    const std::string_view one = signatures.substr(0, signatures.find(' '));
    signatures.remove_prefix(std::min(one.size() + 1, signatures.size()));
    if (one.starts_with(kVersion) && Equal(one.substr(kVersion.size()), expected)) holds = true;
  }
  return holds;
}

}  // namespace

Verifier::Verifier(const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (!secret.starts_with(kPrefix)) throw std::invalid_argument("a secret does not begin with whsec_");
    keys_.push_back(Decode(std::string_view(secret).substr(kPrefix.size())));
  }
}

void Verifier::Verify(const SignedRequest& request, std::int64_t now) const {
  std::int64_t made = 0;
  const char* end = request.timestamp.data() + request.timestamp.size();
  const auto read = std::from_chars(request.timestamp.data(), end, made);
  if (request.id.empty() || read.ec != std::errc{} || read.ptr != end)
    throw Rejected(401, "the request has no webhook-id or no webhook-timestamp");
  if (made < now - kTolerance || made > now + kTolerance)
    throw Rejected(401, "the signature is not of these five minutes");
  std::string content(request.id);
  content.append(".").append(request.timestamp).append(".").append(request.body);
  const bool valid = std::any_of(keys_.begin(), keys_.end(),
                                 [&](const std::string& key) { return Holds(request.signature, Sign(key, content)); });
  if (!valid) throw Rejected(401, "the signature is not valid");
}

}  // namespace threefactor::kit
