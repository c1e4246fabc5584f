#include "options/environment.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace threefactor {

namespace {

constexpr std::string_view kHasura = "HASURA_GRAPHQL_";
constexpr std::string_view kOurs = "THREEFACTOR_";

enum class Protects {
  kNever,
  kAlways,
  kWhenOn,
  kWhenOff,
  kUnlessReadCommitted,
  kUnlessAllApis,
};

struct Variable {
  std::string_view name;  // after HASURA_GRAPHQL_
  Protects protects;
  std::string_view advice = "";
};

// Of Hasura v2, those whose names alone (IsProtectiveName) would tell too little or too much.
constexpr std::array kVariables = {
    Variable{"ACCESS_KEY", Protects::kAlways, "set HASURA_GRAPHQL_ADMIN_SECRET instead"},
    Variable{"METRICS_SECRET", Protects::kAlways, "no metrics are served yet"},
    Variable{"ENABLE_ALLOWLIST", Protects::kWhenOn, "name the documents in --trusted-documents instead"},
    Variable{"ENABLED_APIS", Protects::kUnlessAllApis,
             "all APIs are served; close the paths /v1/query, /v2/query and /v1/metadata in front of the gateway"},
    Variable{"DISABLE_CORS", Protects::kWhenOn,
             "name the origins that may call in --cors-origins; the gateway's own may"},
    Variable{"INFER_FUNCTION_PERMISSIONS", Protects::kWhenOff, "functions are served by their privileges"},
    Variable{"ENABLE_REMOTE_SCHEMA_PERMISSIONS", Protects::kNever},  // there are no remote schemas
    Variable{"ENABLE_MAINTENANCE_MODE", Protects::kWhenOn, "metadata can be changed at any time"},
    Variable{"TX_ISOLATION", Protects::kUnlessReadCommitted,
             "set default_transaction_isolation of the gateway's login role instead"},
    Variable{"WS_READ_COOKIE", Protects::kNever},  // they are read where --cors-origins names the page
    Variable{"METADATA_DATABASE_EXTENSIONS_SCHEMA", Protects::kNever},
};

// Of names nobody has thought of yet.
constexpr std::array<std::string_view, 20> kProtectiveWords = {
    "SECRET", "SECRT",  "SECERT", "SECURE",   "ADMIN", "JWT",  "AUTH",  "ROLE",  "PERMISSION", "ALLOW",
    "CORS",   "ORIGIN", "LIMIT",  "RESTRICT", "DENY",  "TLS_", "TOKEN", "BLOCK", "DISABLE",    "INTROSPECTION"};

// Kubernetes gives every container the addresses of services, by their names.
bool IsAddressOfService(std::string_view name) {
  return name.ends_with("_SERVICE_HOST") || name.find("_SERVICE_PORT") != std::string_view::npos ||
         name.ends_with("_PORT") || name.find("_TCP") != std::string_view::npos ||
         name.find("_UDP") != std::string_view::npos;
}

bool IsProtectiveName(std::string_view name) {
  return !IsAddressOfService(name) &&
         std::any_of(kProtectiveWords.begin(), kProtectiveWords.end(),
                     [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

bool IsOneOf(std::string_view value, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return strcasecmp(std::string(value).c_str(), word) == 0; });
}

bool IsOn(std::string_view value) {
  return IsOneOf(value, {"true", "t", "yes", "y", "on", "1"});
}

bool IsOff(std::string_view value) {
  return IsOneOf(value, {"false", "f", "no", "n", "off", "0"});
}

// What is neither may have been meant to protect.
bool DoesProtect(Protects protects, std::string_view value) {
  switch (protects) {
    case Protects::kNever:
      return false;
    case Protects::kAlways:
      return true;
    case Protects::kWhenOn:
      return !IsOff(value);
    case Protects::kWhenOff:
      return !IsOn(value);
    case Protects::kUnlessReadCommitted:
      return !IsOneOf(value, {"read-committed"});
    case Protects::kUnlessAllApis:
      return value.find("metadata") == std::string_view::npos || value.find("graphql") == std::string_view::npos;
  }
  return true;
}

std::string_view WhenText(Protects protects) {
  switch (protects) {
    case Protects::kNever:
      return "never";
    case Protects::kAlways:
      break;
    case Protects::kWhenOn:
      return "unless it is false";
    case Protects::kWhenOff:
      return "unless it is true";
    case Protects::kUnlessReadCommitted:
      return "unless it is read-committed";
    case Protects::kUnlessAllApis:
      return "unless it names metadata and graphql";
  }
  return "always";
}

void Check(std::string_view name, std::string_view value) {
  const bool is_hasuras = name.starts_with(kHasura);
  const std::string_view rest = name.substr(is_hasuras ? kHasura.size() : kOurs.size());
  const auto known = std::find_if(kVariables.begin(), kVariables.end(),
                                  [&](const Variable& variable) { return is_hasuras && variable.name == rest; });
  if (known != kVariables.end() ? !DoesProtect(known->protects, value) : !IsProtectiveName(rest)) return;
  const std::string_view advice =
      known != kVariables.end() ? known->advice : "no option has this name (--help lists all)";
  // Not the value, which may be a secret.
  throw std::runtime_error(
      fmt::format("{} is set, but not served: {}. It may protect something, so the gateway does not start; unset it to "
                  "start without",
                  name, advice));
}

}  // namespace

std::vector<RefusedVariable> RefusedVariables() {
  std::vector<RefusedVariable> refused;
  for (const Variable& variable : kVariables)
    if (variable.protects != Protects::kNever)
      refused.push_back({fmt::format("{}{}", kHasura, variable.name), WhenText(variable.protects), variable.advice});
  return refused;
}

std::vector<std::string> IgnoredVariables(const char* const* environment, const std::set<std::string>& understood) {
  std::vector<std::string> ignored;
  for (; *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    const std::string_view name = entry.substr(0, entry.find('='));
    if (!name.starts_with(kHasura) && !name.starts_with(kOurs)) continue;
    if (understood.contains(std::string(name))) continue;
    Check(name, entry.substr(std::min(name.size() + 1, entry.size())));
    ignored.emplace_back(name);
  }
  std::sort(ignored.begin(), ignored.end());
  return ignored;
}

}  // namespace threefactor
