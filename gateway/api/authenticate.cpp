// Who asks: gateway/dialect/http.md, "Who asks".
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>

#include "api/service.hpp"
#include "auth/session_variables.hpp"

namespace threefactor::api {

namespace {

constexpr const char* kAdminSecret = "x-hasura-admin-secret";
constexpr const char* kAccessKey = "x-hasura-access-key";  // its name in Hasura v1
constexpr const char* kBackendOnly = "x-hasura-use-backend-only-permissions";

// Over hashes, so that neither content nor length of the secret shows in the time it takes.
bool IsSameSecret(const std::string& given, const std::string& wanted) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> given_hash{};
  std::array<unsigned char, SHA256_DIGEST_LENGTH> wanted_hash{};
  SHA256(reinterpret_cast<const unsigned char*>(given.data()), given.size(), given_hash.data());
  SHA256(reinterpret_cast<const unsigned char*>(wanted.data()), wanted.size(), wanted_hash.data());
  return CRYPTO_memcmp(given_hash.data(), wanted_hash.data(), given_hash.size()) == 0;
}

// All are compared, so that the time does not tell which one it was.
bool IsAdminSecret(const std::string& given, const Options& options) {
  bool is_one = IsSameSecret(given, options.admin_secret);
  for (const std::string& secret : options.further_admin_secrets) is_one |= IsSameSecret(given, secret);
  return is_one;
}

void CheckAdminSecret(const std::map<std::string, std::string>& headers, const Options& options) {
  if (options.admin_secret.empty()) return;  // nothing to prove: everyone is an administrator
  auto given = headers.find(kAdminSecret);
  const auto by_old_name = headers.find(kAccessKey);
  if (given == headers.end()) given = by_old_name;
  if (by_old_name != headers.end() && by_old_name->second != given->second)
    throw Error(code::kAccessDenied, "x-hasura-admin-secret and x-hasura-access-key differ");
  if (given == headers.end())
    throw Error(code::kAccessDenied, "x-hasura-admin-secret/x-hasura-access-key required, but not found");
  if (!IsAdminSecret(given->second, options))
    throw Error(code::kAccessDenied, "invalid x-hasura-admin-secret/x-hasura-access-key");
}

// Every X-Hasura-* header; what is reserved among them is left out where they are written.
auth::SessionVariables SessionVariablesOf(const std::map<std::string, std::string>& headers) {
  auth::SessionVariables variables;
  for (auto header = headers.lower_bound("x-hasura-"); header != headers.end(); ++header) {
    if (!auth::IsSessionVariable(header->first)) break;
    variables.insert(*header);
  }
  return variables;
}

}  // namespace

Identity Authenticate(const std::map<std::string, std::string>& headers, const Options& options) {
  CheckAdminSecret(headers, options);
  const auto role = headers.find(std::string(auth::kRole));
  Identity identity;
  identity.role = role == headers.end() ? std::string(auth::kAdminRole) : role->second;
  if (identity.role.empty()) throw Error(code::kAccessDenied, "x-hasura-role is empty");
  identity.is_admin = identity.role == auth::kAdminRole;
  const auto backend_only = headers.find(kBackendOnly);
  identity.uses_backend_only = backend_only != headers.end() && auth::LowerCase(backend_only->second) == "true";
  identity.session.session_variables = auth::WriteSessionVariables(identity.role, SessionVariablesOf(headers));
  return identity;
}

std::shared_ptr<const schema::Schema> SchemaFor(const Service& service, const Identity& identity) {
  const auto role = service.schemas.Find(identity);
  if (role == nullptr) throw RoleRefused();
  return role->SchemaOf(identity);
}

Session SessionOf(const Identity& identity, const ServedRole& role) {
  Session session = identity.session;
  session.database_role = role.database_role;
  session.statement_timeout = role.statement_timeout;
  return session;
}

Session SessionFor(const Identity& identity, const ServedRole& role, const sql::Compiled& compiled) {
  Session session = SessionOf(identity, role);
  const bool needs_none = compiled.kind != sql::Compiled::Kind::kMutation && !compiled.uses_session &&
                          compiled.residue == schema::Residue::kNothing;
  if (identity.is_admin && needs_none) session.session_variables.clear();
  return session;
}

}  // namespace threefactor::api
