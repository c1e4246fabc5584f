#include "auth/hook_answer.hpp"

#include <fmt/format.h>

#include "auth/caching.hpp"
#include "auth/claims.hpp"
#include "auth/session_variables.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

namespace threefactor::auth {

namespace {

[[noreturn]] void InvalidAnswer(std::string_view why) {
  throw Error(code::kUnexpected, fmt::format("Invalid response from authorization hook: {}", why));
}

}  // namespace

HookAnswer ReadHookAnswer(std::string_view body, std::string_view cache_control, std::string_view expires,
                          std::int64_t now) {
  JsonDocument document;
  try {
    document = ParseJson(body, "it");
  } catch (const Error&) {
    InvalidAnswer("it is not JSON");
  }
  if (!document.root().IsObject()) InvalidAnswer("it is not a JSON object");
  if (document.root().Members().size() > kMostVariables)
    InvalidAnswer(fmt::format("it has more than {} members", kMostVariables));
  std::map<std::string, std::string> members;
  for (const auto& [name, value] : document.root().Members()) {
    std::string lower = LowerCase(name.Text());
    if (!value.IsString()) InvalidAnswer(fmt::format("the value of {} is not a string", lower));
    if (!members.emplace(lower, value.Text()).second) InvalidAnswer(fmt::format("{} is given twice", lower));
  }
  SessionVariables variables;
  for (const auto& [name, value] : members)
    if (IsSessionVariable(name)) variables.emplace(name, value);
  const auto role = members.find(std::string(kRole));
  if (role == members.end() || role->second.empty())
    throw Error(code::kInvalidParams, "x-hasura-role not found in session variables");

  HookAnswer answer;
  answer.identity = IdentityOf(role->second, variables);
  const Caching in_header = ReadCaching(cache_control, expires, now);
  const Caching in_body = ReadCaching(members["cache-control"], members["expires"], now);
  const bool is_said = in_body.lifetime || in_body.is_forbidden;
  const Caching& caching = is_said ? in_body : in_header;
  // A header of 0 seconds says that nobody shall keep the answer, not that the session is over.
  if (caching.lifetime && (is_said || (*caching.lifetime > 0 && !caching.is_forbidden)))
    answer.identity.expires_at = now + *caching.lifetime;
  if (caching.lifetime && *caching.lifetime > 0 && !caching.is_forbidden && !in_header.is_forbidden)
    answer.cached_until = now + *caching.lifetime;
  return answer;
}

}  // namespace threefactor::auth
