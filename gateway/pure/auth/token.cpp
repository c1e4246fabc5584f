#include "auth/token.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "auth/base64url.hpp"
#include "auth/verify.hpp"
#include "base/error.hpp"

namespace threefactor::auth {

namespace {

[[noreturn]] void RefuseToken(std::string_view why) {
  throw NotVerified(fmt::format("JWSError ({})", why));
}

[[noreturn]] void RefuseClaims(std::string_view why) {
  throw NotVerified(fmt::format("JWTClaimsSetDecodeError \"{}\"", why));
}

bool HasRepeatedName(const Json& value) {
  if (value.RepeatedName() != nullptr) return true;
  const auto members = value.Members();
  const auto items = value.Items();
  return std::any_of(members.begin(), members.end(), [](const auto& each) { return HasRepeatedName(each.value); }) ||
         std::any_of(items.begin(), items.end(), HasRepeatedName);
}

// Null: it is no object in JSON, in UTF-8, or a name is given twice in it: which one counts would depend on the reader.
std::optional<JsonDocument> ReadObject(std::string_view part) {
  const auto text = DecodeBase64Url(part);
  if (!text || text->starts_with("\xEF\xBB\xBF")) return std::nullopt;
  try {
    JsonDocument document = ParseJson(*text, "it");
    if (!document.root().IsObject() || HasRepeatedName(document.root())) return std::nullopt;
    return document;
  } catch (const Error&) {
    return std::nullopt;
  }
}

void ReadHeader(std::string_view part, Token& token) {
  const auto header = ReadObject(part);
  if (!header) RefuseToken("JSONDecodeError \"the header is not a JSON object whose names differ\"");
  // Extensions that must be understood: none is. "b64" changes what is signed.
  if (header->root().Find("crit") != nullptr || header->root().Find("b64") != nullptr)
    RefuseToken("the header has \"crit\" or \"b64\", which are not served");
  const Json* name = header->root().Find("alg");
  if (name == nullptr || !name->IsString()) RefuseToken("JSONDecodeError \"the header has no alg\"");
  const auto algorithm = AlgorithmNamed(name->Text());
  if (name->Text() == "none") throw NotVerified("JWSError JWSNoSignatures");
  if (!algorithm) RefuseToken("JSONDecodeError \"the algorithm is not served\"");
  token.algorithm = *algorithm;
  if (const Json* id = header->root().Find("kid")) {
    if (!id->IsString()) RefuseToken("JSONDecodeError \"kid is not a string\"");
    token.key_id = id->Text();
  }
}

// A NumericDate (RFC 7519, section 2) as whole seconds: a JSON number, digit by digit, so that no rounding of ours
// makes a life longer. Null: it is none.
std::optional<std::int64_t> Seconds(const Json& number, bool round_up) {
  if (!number.IsNumber()) return std::nullopt;
  std::string_view text = number.Text();
  if (text.starts_with('-')) return -1;
  std::int64_t exponent = 0;
  if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    const std::string_view power = text.substr(e + 1);
    for (const char c : power)
      if (c >= '0' && c <= '9') exponent = std::min<std::int64_t>(exponent * 10 + (c - '0'), 1'000'000);
    if (power.starts_with('-')) exponent = -exponent;
    text = text.substr(0, e);
  }
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string digits(text.substr(0, point));
  const std::int64_t whole = static_cast<std::int64_t>(point) + exponent;  // digits before the moved point
  if (point < text.size()) digits.append(text.substr(point + 1));
  std::int64_t seconds = 0;
  bool has_rest = false;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (static_cast<std::int64_t>(i) < whole) {
      seconds = std::min(seconds * 10 + (digits[i] - '0'), kFarFuture);
    } else {
      has_rest |= digits[i] != '0';
    }
  }
  for (std::int64_t i = static_cast<std::int64_t>(digits.size()); i < whole && seconds > 0 && seconds < kFarFuture; ++i)
    seconds = std::min(seconds * 10, kFarFuture);
  return seconds + (round_up && has_rest ? 1 : 0);
}

std::optional<std::int64_t> ReadDate(const Json& claims, std::string_view name, bool round_up) {
  const Json* date = claims.Find(name);
  if (date == nullptr) return std::nullopt;
  const auto seconds = Seconds(*date, round_up);
  if (!seconds) RefuseClaims(fmt::format("{} is not a number of seconds", name));
  return seconds;
}

}  // namespace

Token ReadToken(std::string_view text) {
  if (text.size() > kLongestToken) RefuseToken(fmt::format("the token is longer than {} bytes", kLongestToken));
  const auto parts = 1 + std::count(text.begin(), text.end(), '.');
  if (parts != 3)
    RefuseToken(fmt::format("CompactDecodeError Invalid number of parts: Expected 3 parts; got {}", parts));
  const std::size_t first = text.find('.');
  const std::size_t second = text.rfind('.');
  Token token;
  ReadHeader(text.substr(0, first), token);
  token.signed_text = text.substr(0, second);
  auto signature = DecodeBase64Url(text.substr(second + 1));
  if (!signature) RefuseToken("CompactDecodeError the signature is not base64url");
  token.signature = *std::move(signature);
  auto claims = ReadObject(text.substr(first + 1, second - first - 1));
  if (!claims) RefuseClaims("the claims are not a JSON object whose names differ");
  token.claims = *std::move(claims);
  token.not_before = ReadDate(token.claims.root(), "nbf", /*round_up=*/true);
  token.expires_at = ReadDate(token.claims.root(), "exp", /*round_up=*/false);
  return token;
}

}  // namespace threefactor::auth
