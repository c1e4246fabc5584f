#include "auth/claims.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace threefactor::auth {

namespace {

[[noreturn]] void Invalid(std::string message) {
  throw Error(code::kJwtInvalidClaims, std::move(message));
}

[[noreturn]] void Missing(std::string_view name) {
  throw Error(code::kJwtMissingRoleClaims, fmt::format("JWT claim does not contain {}", name));
}

std::string_view KindOf(const Json& value) {
  switch (value.kind()) {
    case Json::Kind::kNull:
      return "Null";
    case Json::Kind::kBoolean:
      return "Boolean";
    case Json::Kind::kNumber:
      return "Number";
    case Json::Kind::kString:
      return "String";
    case Json::Kind::kArray:
      return "Array";
    case Json::Kind::kObject:
      break;
  }
  return "Object";
}

std::string VariableOf(const Json& value, std::string_view name) {
  if (!value.IsString())
    Invalid(fmt::format("x-hasura-* claims: parsing Text failed, expected String, but encountered {} in {}",
                        KindOf(value), name));
  return std::string(value.Text());
}

std::vector<std::string> AllowedRolesOf(const Json& value) {
  constexpr std::string_view kWanted = "invalid x-hasura-allowed-roles; should be a list of roles";
  if (!value.IsArray())
    Invalid(fmt::format("{}: parsing [] failed, expected Array, but encountered {}", kWanted, KindOf(value)));
  std::vector<std::string> roles;
  for (const Json& role : value.Items()) {
    if (!role.IsString() || role.Text().empty())
      Invalid(fmt::format("{}: parsing Text failed, expected String, but encountered {}", kWanted,
                          role.IsString() ? "an empty one" : KindOf(role)));
    roles.emplace_back(role.Text());
  }
  return roles;
}

std::string DefaultRoleOf(const Json& value) {
  if (!value.IsString() || value.Text().empty())
    Invalid(
        fmt::format("invalid x-hasura-default-role; should be a single role name: parsing Text failed, expected "
                    "String, but encountered {}",
                    value.IsString() ? "an empty one" : KindOf(value)));
  return std::string(value.Text());
}

// The members of the namespace, by lower-case name; what is no session variable is left out.
std::map<std::string, const Json*> VariablesIn(const Json& space) {
  std::map<std::string, const Json*> variables;
  for (const auto& [name, value] : space.Members()) {
    std::string lower = LowerCase(name.Text());
    if (!IsSessionVariable(lower)) continue;
    if (!variables.emplace(lower, &value).second) Invalid(fmt::format("{} is given twice", lower));
  }
  return variables;
}

Claims FromNamespace(const Json& space) {
  Claims read;
  const auto variables = VariablesIn(space);
  const auto find = [&](std::string_view name) {
    const auto found = variables.find(std::string(name));
    if (found == variables.end()) Missing(name);
    return found->second;
  };
  read.allowed_roles = AllowedRolesOf(*find(kAllowedRoles));
  read.default_role = DefaultRoleOf(*find(kDefaultRole));
  for (const auto& [name, value] : variables)
    if (name != kAllowedRoles && name != kDefaultRole) read.variables.emplace(name, VariableOf(*value, name));
  return read;
}

Claims FromMap(const Json& claims, const ClaimsMap& map) {
  Claims read;
  const auto in_token = [&](const auto& source) { return source.path ? source.path->Find(claims) : nullptr; };
  const Json* roles = in_token(map.allowed_roles);
  if (roles == nullptr && !map.allowed_roles.value) Missing(kAllowedRoles);
  read.allowed_roles = roles != nullptr ? AllowedRolesOf(*roles) : *map.allowed_roles.value;
  const Json* role = in_token(map.default_role);
  if (role == nullptr && !map.default_role.value) Missing(kDefaultRole);
  read.default_role = role != nullptr ? DefaultRoleOf(*role) : *map.default_role.value;
  for (const auto& [name, source] : map.others) {
    const Json* value = in_token(source);
    if (value == nullptr && !source.value) Invalid(fmt::format("JWT claim from claims_map, {} not found", name));
    read.variables.emplace(name, value != nullptr ? VariableOf(*value, name) : *source.value);
  }
  return read;
}

}  // namespace

Claims ReadClaims(const Json& claims, const JwtConfiguration& configuration) {
  if (configuration.claims_map) return FromMap(claims, *configuration.claims_map);
  const auto& path = configuration.claims_namespace_path;
  const Json* space = path ? path->Find(claims) : claims.Find(configuration.claims_namespace);
  if (space == nullptr)
    Invalid(path ? fmt::format("claims not found at claims_namespace_path: '{}'", path->text())
                 : fmt::format("claims key: '{}' not found", configuration.claims_namespace));
  JsonDocument parsed;
  if (configuration.are_claims_stringified) {
    if (!space->IsString()) Invalid("expecting a string when claims_format is stringified_json");
    try {
      parsed = ParseJson(space->Text(), "it");
    } catch (const Error&) {
      parsed = {};
    }
    space = &parsed.root();
    if (!space->IsObject() || space->RepeatedName() != nullptr)
      Invalid(fmt::format("expecting stringified json at: '{} {}', but found something else",
                          path ? "claims_namespace_path" : "claims_namespace",
                          path ? path->text() : configuration.claims_namespace));
  }
  if (!space->IsObject()) Invalid("expecting a json object when claims_format is json");
  if (space->Members().size() > kMostVariables)
    Invalid(fmt::format("the claims have more than {} members", kMostVariables));
  return FromNamespace(*space);
}

Identity IdentityOf(const Claims& claims, std::string_view requested) {
  const std::string_view role = requested.empty() ? std::string_view(claims.default_role) : requested;
  if (std::find(claims.allowed_roles.begin(), claims.allowed_roles.end(), role) == claims.allowed_roles.end())
    throw Error(code::kAccessDenied, "Your requested role is not in allowed roles");
  Identity identity = IdentityOf(role, claims.variables);
  identity.expires_at = claims.expires_at;
  return identity;
}

Identity IdentityOf(std::string_view role, const SessionVariables& variables) {
  Identity identity;
  identity.is_admin = role == kAdminRole;
  identity.role = role;
  identity.session.session_variables = WriteSessionVariables(role, variables);
  return identity;
}

}  // namespace threefactor::auth
