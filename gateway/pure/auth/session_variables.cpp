#include "auth/session_variables.hpp"

#include <algorithm>

#include "base/json_writer.hpp"

namespace threefactor::auth {

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

bool IsSessionVariable(std::string_view name) {
  return name.starts_with("x-hasura-");
}

bool IsReserved(std::string_view name) {
  return name == kRole || name == "x-hasura-admin-secret" || name == "x-hasura-access-key";
}

std::string WriteSessionVariables(std::string_view role, const SessionVariables& variables) {
  JsonWriter writer;
  writer.StartObject();
  writer.Key(kRole);
  writer.String(role);
  for (const auto& [name, value] : variables) {
    if (IsReserved(name)) continue;
    writer.Key(name);
    writer.String(value);
  }
  writer.EndObject();
  return writer.Take();
}

}  // namespace threefactor::auth
