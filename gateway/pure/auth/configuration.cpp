#include "auth/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "auth/session_variables.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

namespace threefactor::auth {

namespace {

constexpr std::int64_t kLongestSkew = 24 * 60 * 60;

[[noreturn]] void Wrong(const std::string& path, std::string_view what) {
  throw Error(code::kInvalidConfiguration, fmt::format("{}: {}", path, what));
}

// Runs `read`, and says of what it refuses where it stands.
template <typename Read>
auto At(const std::string& path, const Read& read) {
  try {
    return read();
  } catch (const Error& error) {
    Wrong(path, error.message());
  }
}

std::string Member(const std::string& path, std::string_view name) {
  const bool is_name = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c == '_' || c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
  return is_name ? fmt::format("{}.{}", path, name) : fmt::format("{}['{}']", path, name);
}

// Of an object, whose members are all known and given once.
void CheckMembers(const Json& object, const std::string& path, std::span<const std::string_view> known) {
  if (!object.IsObject()) Wrong(path, "it is not an object");
  if (const Json* name = object.RepeatedName()) Wrong(Member(path, name->Text()), "it is given twice");
  for (const auto& [name, value] : object.Members())
    if (std::find(known.begin(), known.end(), name.Text()) == known.end())
      Wrong(Member(path, name.Text()), fmt::format("it is not known; known are {}", fmt::join(known, ", ")));
}

// Null: absent, or JSON's null.
const Json* Given(const Json& object, std::string_view name) {
  const Json* found = object.Find(name);
  return found == nullptr || found->IsNull() ? nullptr : found;
}

std::string Text(const Json& value, const std::string& path) {
  if (!value.IsString()) Wrong(path, "it is not a string");
  return std::string(value.Text());
}

std::optional<std::string> Text(const Json& object, std::string_view name, const std::string& path) {
  const Json* found = Given(object, name);
  if (found == nullptr) return std::nullopt;
  return Text(*found, Member(path, name));
}

std::vector<std::string> Texts(const Json& value, const std::string& path) {
  if (!value.IsArray()) Wrong(path, "it is not a list of strings");
  std::vector<std::string> texts;
  for (const Json& item : value.Items()) texts.push_back(Text(item, path));
  return texts;
}

void ReadValue(const Json& value, const std::string& path, std::string& text) {
  text = Text(value, path);
}

void ReadValue(const Json& value, const std::string& path, std::vector<std::string>& texts) {
  texts = Texts(value, path);
}

template <typename Value>
ClaimSource<Value> ReadSource(const Json& source, const std::string& path) {
  ClaimSource<Value> read;
  const Json* value = &source;
  std::string value_path = path;
  if (source.IsObject()) {
    CheckMembers(source, path, std::array<std::string_view, 2>{"path", "default"});
    const auto text = Text(source, "path", path);
    if (!text) Wrong(path, "\"path\" is missing");
    read.path = At(Member(path, "path"), [&] { return ClaimPath(*text); });
    value = Given(source, "default");
    value_path = Member(path, "default");
  }
  if (value != nullptr) ReadValue(*value, value_path, read.value.emplace());
  return read;
}

ClaimsMap ReadClaimsMap(const Json& map, const std::string& path) {
  if (!map.IsObject()) Wrong(path, "it is not an object");
  ClaimsMap read;
  std::vector<std::string> names;
  for (const auto& [given_name, source] : map.Members()) {
    const std::string name = LowerCase(given_name.Text());
    const std::string source_path = Member(path, given_name.Text());
    if (!IsSessionVariable(name)) Wrong(source_path, "it is no session variable: x-hasura-...");
    if (std::find(names.begin(), names.end(), name) != names.end()) Wrong(source_path, "it is given twice");
    names.push_back(name);
    if (name == kAllowedRoles) {
      read.allowed_roles = ReadSource<std::vector<std::string>>(source, source_path);
    } else if (name == kDefaultRole) {
      read.default_role = ReadSource<std::string>(source, source_path);
    } else if (IsReserved(name)) {
      Wrong(source_path, "it cannot be a claim");
    } else {
      read.others.emplace(name, ReadSource<std::string>(source, source_path));
    }
  }
  for (const std::string_view name : {kAllowedRoles, kDefaultRole})
    if (std::find(names.begin(), names.end(), name) == names.end())
      Wrong(path, fmt::format("{} is expected but not found", name));
  return read;
}

TokenPlace ReadPlace(const Json& header, const std::string& path) {
  CheckMembers(header, path, std::array<std::string_view, 2>{"type", "name"});
  const std::string type = LowerCase(Text(header, "type", path).value_or(""));
  const auto name = Text(header, "name", path);
  TokenPlace place;
  if (type == "authorization") {
    if (name) Wrong(Member(path, "name"), "it has no meaning for Authorization");
    return place;
  }
  if (type == "cookie") {
    place.kind = TokenPlace::Kind::kCookie;
    place.name = name.value_or("");
  } else if (type == "customheader") {
    place.kind = TokenPlace::Kind::kHeader;
    place.name = LowerCase(name.value_or(""));
    if (IsSessionVariable(place.name)) Wrong(Member(path, "name"), "headers of this name are session variables");
  } else {
    Wrong(Member(path, "type"), "it is none of Authorization, Cookie, CustomHeader");
  }
  if (place.name.empty()) Wrong(Member(path, "name"), "it is missing");
  return place;
}

void ReadKey(const Json& object, const std::string& path, JwtConfiguration& read) {
  const auto type = Text(object, "type", path);
  const auto key = Text(object, "key", path);
  const auto url = Text(object, "jwk_url", path);
  if (key.has_value() == url.has_value())
    Wrong(path, key ? "key and jwk_url cannot both be given" : "key or jwk_url must be given");
  if (type) {
    read.algorithm = AlgorithmOfType(*type);
    if (!read.algorithm)
      Wrong(Member(path, "type"),
            "it is none of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, "
            "EdDSA, Ed25519, Ed448");
  }
  if (key) {
    if (!type) Wrong(Member(path, "type"), "it is missing: the algorithm of the key");
    read.key = At(Member(path, "key"), [&] { return Key(*read.algorithm, *key); });
  } else {
    if (!url->starts_with("https://") && !url->starts_with("http://"))
      Wrong(Member(path, "jwk_url"), "it is not a URL of http or https");
    if (read.algorithm && (kHmac & Only(*read.algorithm)) != 0)
      Wrong(Member(path, "type"), "a secret is not published: HS256, HS384 and HS512 need \"key\"");
    read.jwk_url = *url;
  }
}

void ReadClaimsPlace(const Json& object, const std::string& path, JwtConfiguration& read) {
  const auto name = Text(object, "claims_namespace", path);
  const auto name_path = Text(object, "claims_namespace_path", path);
  const auto format = Text(object, "claims_format", path);
  if (name && name_path) Wrong(path, "claims_namespace and claims_namespace_path cannot both be given");
  if (name) read.claims_namespace = *name;
  if (name_path)
    read.claims_namespace_path = At(Member(path, "claims_namespace_path"), [&] { return ClaimPath(*name_path); });
  if (format && *format != "json" && *format != "stringified_json")
    Wrong(Member(path, "claims_format"), "it is neither json nor stringified_json");
  read.are_claims_stringified = format && *format == "stringified_json";
  if (const Json* map = Given(object, "claims_map")) {
    if (name || name_path || read.are_claims_stringified)
      Wrong(Member(path, "claims_map"),
            "claims_namespace, claims_namespace_path and claims_format mean nothing beside it");
    read.claims_map = ReadClaimsMap(*map, Member(path, "claims_map"));
  }
}

JwtConfiguration ReadOne(const Json& object, const std::string& path) {
  static constexpr std::array<std::string_view, 11> kKnown = {
      "type",          "key",        "jwk_url", "claims_namespace", "claims_namespace_path",
      "claims_format", "claims_map", "issuer",  "audience",         "allowed_skew",
      "header"};
  CheckMembers(object, path, kKnown);
  JwtConfiguration read;
  ReadKey(object, path, read);
  ReadClaimsPlace(object, path, read);
  if (const Json* audience = Given(object, "audience")) {
    read.audience =
        audience->IsString() ? std::vector{std::string(audience->Text())} : Texts(*audience, Member(path, "audience"));
    if (read.audience.empty()) Wrong(Member(path, "audience"), "it is an empty list, which no token is for");
  }
  read.issuer = Text(object, "issuer", path);
  if (const Json* skew = Given(object, "allowed_skew")) {
    const std::string_view text = skew->Text();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read.allowed_skew);
    if (!skew->IsNumber() || error != std::errc() || end != text.data() + text.size() || read.allowed_skew < 0 ||
        read.allowed_skew > kLongestSkew)
      Wrong(Member(path, "allowed_skew"), fmt::format("it is not a whole number of seconds up to {}", kLongestSkew));
  }
  if (const Json* header = Given(object, "header")) read.place = ReadPlace(*header, Member(path, "header"));
  return read;
}

JsonDocument Parse(std::string_view text) {
  try {
    return ParseJson(text, "the value");
  } catch (const Error& error) {
    throw Error(code::kInvalidConfiguration, error.message());
  }
}

}  // namespace

JwtConfiguration ReadJwtSecret(std::string_view text) {
  return ReadOne(Parse(text).root(), "$");
}

std::vector<JwtConfiguration> ReadJwtSecrets(std::string_view text) {
  const JsonDocument document = Parse(text);
  if (!document.root().IsArray() || document.root().Items().empty())
    throw Error(code::kInvalidConfiguration, "$: it is not a list of objects, of at least one");
  std::vector<JwtConfiguration> read;
  for (std::size_t i = 0; i < document.root().Items().size(); ++i)
    read.push_back(ReadOne(document.root().Items()[i], fmt::format("$[{}]", i)));
  return read;
}

}  // namespace threefactor::auth
