#include "auth/session_variables.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

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
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.StartObject();
  writer.Key(kRole.data(), static_cast<rapidjson::SizeType>(kRole.size()));
  writer.String(role.data(), static_cast<rapidjson::SizeType>(role.size()));
  for (const auto& [name, value] : variables) {
    if (IsReserved(name)) continue;
    writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    writer.String(value);
  }
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace threefactor::auth
