// Session variables: x-hasura-*, of any case, whose values are strings.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace threefactor::auth {

inline constexpr std::string_view kAdminRole = "admin";
inline constexpr std::string_view kRole = "x-hasura-role";
inline constexpr std::string_view kAllowedRoles = "x-hasura-allowed-roles";
inline constexpr std::string_view kDefaultRole = "x-hasura-default-role";

std::string LowerCase(std::string_view text);  // of ASCII

// `name`: in lower case.
bool IsSessionVariable(std::string_view name);
// Those that say who asks, and are no data: the role, and what proves an administrator. `name`: in lower case.
bool IsReserved(std::string_view name);

// By name, in lower case.
using SessionVariables = std::map<std::string, std::string>;
// {"x-hasura-role":role, ...}, as Session::session_variables has it. What is reserved in `variables` is left out.
std::string WriteSessionVariables(std::string_view role, const SessionVariables& variables);

}  // namespace threefactor::auth
