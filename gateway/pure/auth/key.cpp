#include "auth/key.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>

#include "base/error.hpp"

namespace threefactor::auth {

namespace {

struct Free {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
  void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

const EVP_MD* DigestOf(Algorithm algorithm) {
  switch (DigestBytes(algorithm)) {
    case 32:
      return EVP_sha256();
    case 48:
      return EVP_sha384();
    case 64:
      return EVP_sha512();
    default:
      return nullptr;
  }
}

// JOSE has the two numbers one after the other (RFC 7518, section 3.4), OpenSSL wants them in DER. Empty: other sizes.
std::string ToDer(std::string_view signature, EVP_PKEY& key) {
  const auto half = static_cast<std::size_t>((EVP_PKEY_get_bits(&key) + 7) / 8);
  if (signature.size() != 2 * half) return {};
  const Owned<ECDSA_SIG> numbers(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(Bytes(signature), static_cast<int>(half), nullptr);
  BIGNUM* s = BN_bin2bn(Bytes(signature) + half, static_cast<int>(half), nullptr);
  if (!numbers || ECDSA_SIG_set0(numbers.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(numbers.get(), &der);
  const Owned<unsigned char> owned(der);
  return size > 0 ? std::string(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)) : std::string();
}

bool IsHmac(std::string_view secret, Algorithm algorithm, std::string_view text, std::string_view signature) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
  unsigned size = 0;
  if (HMAC(DigestOf(algorithm), secret.data(), static_cast<int>(secret.size()), Bytes(text), text.size(), made.data(),
           &size) == nullptr)
    return false;
  return signature.size() == size && CRYPTO_memcmp(made.data(), signature.data(), size) == 0;
}

bool IsSignature(EVP_PKEY& key, Algorithm algorithm, std::string_view text, std::string_view signature) {
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  if (!context || EVP_DigestVerifyInit(context.get(), &parameters, DigestOf(algorithm), nullptr, &key) != 1)
    return false;
  const bool is_pss = algorithm >= Algorithm::kPs256 && algorithm <= Algorithm::kPs512;
  if (is_pss && (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) <= 0 ||
                 EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) <= 0))
    return false;
  std::string der;
  if (algorithm >= Algorithm::kEs256 && algorithm <= Algorithm::kEs512) {
    der = ToDer(signature, key);
    if (der.empty()) return false;
    signature = der;
  }
  return EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(text), text.size()) == 1;
}

[[noreturn]] void Refuse(std::string message) {
  ERR_clear_error();
  throw Error(code::kInvalidConfiguration, std::move(message));
}

PublicKey ReadPem(std::string_view text) {
  if (text.find("PRIVATE KEY") != std::string_view::npos)
    Refuse("it is a private key, which signs; give the public one, which verifies, and change the pair");
  const Owned<BIO> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  PublicKey key;
  if (text.find("BEGIN CERTIFICATE") != std::string_view::npos) {
    const Owned<X509> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (certificate) key = PublicKey(X509_get_pubkey(certificate.get()), Free());
  } else if (text.find("BEGIN RSA PUBLIC KEY") != std::string_view::npos) {
    unsigned char* der = nullptr;  // PKCS #1
    long size = 0;
    if (PEM_bytes_read_bio(&der, &size, nullptr, "RSA PUBLIC KEY", bio.get(), nullptr, nullptr) == 1) {
      const Owned<unsigned char> owned(der);
      const unsigned char* at = der;
      key = PublicKey(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size), Free());
    }
  } else {
    key = PublicKey(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), Free());
  }
  if (!key) Refuse("it is not the PEM text of a public key or certificate (a line end is \\n in JSON)");
  return key;
}

}  // namespace

Algorithms AlgorithmsOf(EVP_PKEY& key) {
  switch (EVP_PKEY_get_base_id(&key)) {
    case EVP_PKEY_RSA:
      return EVP_PKEY_get_bits(&key) >= kLeastRsaBits ? kRsa : 0;
    case EVP_PKEY_ED25519:
    case EVP_PKEY_ED448:
      return Only(Algorithm::kEdDsa);
    case EVP_PKEY_EC:
      break;
    default:
      return 0;
  }
  std::array<char, 64> curve{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(&key, curve.data(), curve.size(), &size) != 1) return 0;
  const std::string_view name(curve.data(), size);
  if (name == "prime256v1") return Only(Algorithm::kEs256);
  if (name == "secp384r1") return Only(Algorithm::kEs384);
  return name == "secp521r1" ? Only(Algorithm::kEs512) : 0;
}

Key::Key(Algorithm algorithm, std::string_view text) : algorithms_(Only(algorithm)) {
  if ((kHmac & algorithms_) != 0) {
    // RFC 7518, section 3.2: shorter ones are guessed offline from a single token.
    if (text.size() < static_cast<std::size_t>(DigestBytes(algorithm)))
      Refuse(fmt::format("the key is too short: it should have at least {} characters", DigestBytes(algorithm)));
    if (text.find("-----BEGIN") != std::string_view::npos)
      Refuse("it is a PEM text, which is no secret: everyone who has the public key could sign");
    secret_ = text;
    return;
  }
  public_ = ReadPem(text);
  if ((AlgorithmsOf(*public_) & algorithms_) == 0)
    Refuse(fmt::format("the key is not one for this type (another kind or curve, or RSA of less than {} bits)",
                       kLeastRsaBits));
}

Key::Key(std::string id, Algorithms algorithms, PublicKey key)
    : id_(std::move(id)), algorithms_(algorithms), public_(std::move(key)) {}

bool Key::Verify(Algorithm algorithm, std::string_view text, std::string_view signature) const {
  if (!Allows(algorithm)) return false;
  if (!public_) return IsHmac(secret_, algorithm, text, signature);
  const bool is_right = IsSignature(*public_, algorithm, text, signature);
  ERR_clear_error();  // others on this thread would read it as theirs
  return is_right;
}

}  // namespace threefactor::auth
