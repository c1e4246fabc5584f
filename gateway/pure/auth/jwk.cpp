#include "auth/jwk.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <optional>

#include "auth/base64url.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

namespace threefactor::auth {

namespace {

struct FreeParameters {
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <typename T>
using Held = std::unique_ptr<T, FreeParameters>;

// Why a key is not used.
struct Unusable {
  std::string why;
};

std::string_view MemberText(const Json& jwk, std::string_view name) {
  const Json* found = jwk.Find(name);
  if (found == nullptr) return {};
  if (!found->IsString()) throw Unusable{fmt::format("\"{}\" is not a string", name)};
  return found->Text();
}

std::string BytesOf(const Json& jwk, std::string_view name) {
  constexpr std::size_t kLongest = 4096;  // characters; RSA of 16384 bits has fewer
  const std::string_view text = MemberText(jwk, name);
  std::optional<std::string> bytes;
  if (!text.empty() && text.size() <= kLongest) bytes = DecodeBase64Url(text);
  if (!bytes) throw Unusable{fmt::format("\"{}\" is not base64url", name)};
  return *std::move(bytes);
}

const unsigned char* Unsigned(const std::string& bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

PublicKey Make(const char* kind, OSSL_PARAM_BLD& builder) {
  const Held<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(&builder));
  const Held<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* made = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    throw Unusable{"it is not a public key"};
  return {made, FreeParameters()};
}

PublicKey RsaKey(const Json& jwk) {
  const std::string n = BytesOf(jwk, "n");
  const std::string e = BytesOf(jwk, "e");
  const Held<BIGNUM> modulus(BN_bin2bn(Unsigned(n), static_cast<int>(n.size()), nullptr));
  const Held<BIGNUM> exponent(BN_bin2bn(Unsigned(e), static_cast<int>(e.size()), nullptr));
  if (e.size() > 8 || BN_is_one(exponent.get()) || BN_is_odd(exponent.get()) == 0)
    throw Unusable{"\"e\" is not an exponent of RSA"};
  const Held<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  return Make("RSA", *builder);
}

PublicKey EllipticKey(const Json& jwk) {
  const std::string curve(MemberText(jwk, "crv"));  // the builder keeps what it is given until the key is made
  const std::size_t size = curve == "P-256" ? 32 : curve == "P-384" ? 48 : curve == "P-521" ? 66 : 0;
  if (size == 0) throw Unusable{"its curve is not served"};
  const std::string x = BytesOf(jwk, "x");
  const std::string y = BytesOf(jwk, "y");
  if (x.size() != size || y.size() != size) throw Unusable{"\"x\" or \"y\" has not the size of the curve"};
  const std::string point = "\x04" + x + y;
  const Held<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.c_str(), 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  PublicKey key = Make("EC", *builder);
  const Held<EVP_PKEY_CTX> check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (EVP_PKEY_public_check_quick(check.get()) != 1) throw Unusable{"it is no point of its curve"};
  return key;
}

PublicKey EdwardsKey(const Json& jwk) {
  const std::string_view curve = MemberText(jwk, "crv");
  if (curve != "Ed25519" && curve != "Ed448") throw Unusable{"its curve is not served"};
  const std::string x = BytesOf(jwk, "x");
  PublicKey key(EVP_PKEY_new_raw_public_key(curve == "Ed25519" ? EVP_PKEY_ED25519 : EVP_PKEY_ED448, nullptr,
                                            Unsigned(x), x.size()),
                FreeParameters());
  if (!key) throw Unusable{"\"x\" has not the size of the curve"};
  return key;
}

Key KeyOf(const Json& jwk) {
  if (!jwk.IsObject()) throw Unusable{"it is not an object"};
  if (jwk.RepeatedName() != nullptr) throw Unusable{"a member is given twice"};
  if (jwk.Find("use") != nullptr && MemberText(jwk, "use") != "sig") throw Unusable{"its use is not \"sig\""};
  if (const Json* uses = jwk.Find("key_ops")) {
    const auto items = uses->Items();
    if (std::none_of(items.begin(), items.end(), [](const Json& each) { return each.Text() == "verify"; }))
      throw Unusable{"its key_ops have no \"verify\""};
  }
  if (jwk.Find("d") != nullptr) throw Unusable{"it is private, and published: everyone could sign"};
  const std::string_view kind = MemberText(jwk, "kty");
  PublicKey key;
  if (kind == "RSA") {
    key = RsaKey(jwk);
  } else if (kind == "EC") {
    key = EllipticKey(jwk);
  } else if (kind == "OKP") {
    key = EdwardsKey(jwk);
  } else {
    throw Unusable{kind == "oct" ? "it is a secret, and published: everyone could sign" : "its kty is not served"};
  }
  Algorithms algorithms = AlgorithmsOf(*key);
  if (algorithms == 0) throw Unusable{fmt::format("RSA of less than {} bits is not served", kLeastRsaBits)};
  if (const std::string_view name = MemberText(jwk, "alg"); !name.empty()) {
    const auto algorithm = AlgorithmOfType(name);
    if (!algorithm || (algorithms & Only(*algorithm)) == 0) throw Unusable{"its alg does not fit, or is not served"};
    algorithms = Only(*algorithm);
  }
  return {std::string(MemberText(jwk, "kid")), algorithms, std::move(key)};
}

[[noreturn]] void RefuseSet(std::string message) {
  throw Error(code::kInvalidConfiguration, std::move(message));
}

}  // namespace

JwkSet ReadJwkSet(std::string_view text) {
  if (text.size() > kLargestJwkSet) RefuseSet("the JWK set is too large");
  JsonDocument document;
  try {
    document = ParseJson(text, "the JWK set");
  } catch (const Error& error) {
    RefuseSet(error.message());
  }
  const Json* keys = document.root().IsObject() ? document.root().Find("keys") : nullptr;
  if (keys == nullptr || !keys->IsArray() || document.root().RepeatedName() != nullptr)
    RefuseSet("it is not a JWK set: an object with a list \"keys\"");
  if (keys->Items().size() > kMostKeys) RefuseSet(fmt::format("the JWK set has more than {} keys", kMostKeys));
  JwkSet set;
  for (std::size_t i = 0; i < keys->Items().size(); ++i) {
    try {
      set.keys.push_back(KeyOf(keys->Items()[i]));
    } catch (const Unusable& unusable) {
      set.omitted.push_back(fmt::format("$.keys[{}]: {}", i, unusable.why));
    }
  }
  ERR_clear_error();
  if (set.keys.empty())
    RefuseSet(set.omitted.empty() ? "the JWK set has no key"
                                  : fmt::format("the JWK set has no key that can be used ({})", set.omitted.front()));
  return set;
}

}  // namespace threefactor::auth
