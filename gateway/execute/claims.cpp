#include "execute/claims.hpp"

namespace threefactor::execute {

namespace {

// The value of a member, as it is written, quotes included; empty: there is none. No value holds a bare quote, so that
// only a name is found.
std::string_view Member(std::string_view object, std::string_view name) {
  const std::string key = '"' + std::string(name) + "\":\"";
  const std::size_t found = object.find(key);
  if (found == std::string_view::npos) return {};
  const std::size_t begin = found + key.size() - 1;
  std::size_t end = begin + 1;
  while (end < object.size() && object[end] != '"') end += object[end] == '\\' ? 2 : 1;
  return object.substr(begin, end + 1 - begin);
}

}  // namespace

std::string ClaimsOf(std::string_view session_variables) {
  if (session_variables.empty()) return {};
  const std::string_view role = Member(session_variables, "x-hasura-role");
  const std::string_view user = Member(session_variables, "x-hasura-user-id");
  std::string claims = "{";
  if (!role.empty()) claims.append("\"role\":").append(role);
  if (!user.empty()) claims.append(claims.size() > 1 ? ",\"sub\":" : "\"sub\":").append(user);
  const std::string_view rest = session_variables.substr(1);
  if (claims.size() > 1 && rest != "}") claims.append(",");
  return claims.append(rest);
}

}  // namespace threefactor::execute
