// Makes keys and tokens for the tests, by OpenSSL.
#pragma once

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace threefactor::auth {

inline std::string EncodeBase64Url(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

// A key pair of one kind: "RSA", "P-256", "P-384", "P-521", "ED25519", "ED448".
class Signer {
 public:
  explicit Signer(const std::string& kind, unsigned rsa_bits = 2048)
      : key_(kind == "RSA"            ? EVP_RSA_gen(rsa_bits)
             : kind.starts_with("P-") ? EVP_EC_gen(kind.c_str())
                                      : EVP_PKEY_Q_keygen(nullptr, nullptr, kind.c_str()),
             EVP_PKEY_free) {}

  std::string PublicPem() const { return Pem(false); }
  std::string PrivatePem() const { return Pem(true); }

  // Of the text header.claims; `algorithm` as in JOSE.
  std::string Sign(std::string_view algorithm, std::string_view text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_PKEY_CTX* parameters = nullptr;
    EVP_DigestSignInit(context.get(), &parameters, Digest(algorithm), nullptr, key_.get());
    if (algorithm.starts_with("PS")) {
      EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST);
    }
    std::string signature(2048, '\0');
    std::size_t size = signature.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    signature.resize(size);
    return algorithm.starts_with("ES") ? FromDer(signature) : signature;
  }

  static const EVP_MD* Digest(std::string_view algorithm) {
    if (algorithm.ends_with("256")) return EVP_sha256();
    if (algorithm.ends_with("384")) return EVP_sha384();
    return algorithm.ends_with("512") ? EVP_sha512() : nullptr;
  }

 private:
  std::string Pem(bool is_private) const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    if (is_private)
      PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    else
      PEM_write_bio_PUBKEY(bio.get(), key_.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  std::string FromDer(const std::string& der) const {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> numbers(
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
    const int half = (EVP_PKEY_get_bits(key_.get()) + 7) / 8;
    std::string signature(static_cast<std::size_t>(2 * half), '\0');
    auto* to = reinterpret_cast<unsigned char*>(signature.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(numbers.get()), to, half);
    BN_bn2binpad(ECDSA_SIG_get0_s(numbers.get()), to + half, half);
    return signature;
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

inline std::string HmacOf(std::string_view algorithm, std::string_view secret, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
  unsigned size = 0;
  HMAC(Signer::Digest(algorithm), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), made.data(), &size);
  return {reinterpret_cast<const char*>(made.data()), size};
}

inline std::string SignedText(std::string_view header, std::string_view claims) {
  return EncodeBase64Url(header) + "." + EncodeBase64Url(claims);
}

// A token whose header has the algorithm alone, signed by a secret.
inline std::string HmacToken(std::string_view secret, std::string_view claims, const std::string& algorithm = "HS256") {
  const std::string text = SignedText(R"({"alg":")" + algorithm + R"("})", claims);
  return text + "." + EncodeBase64Url(HmacOf(algorithm, secret, text));
}

}  // namespace threefactor::auth
