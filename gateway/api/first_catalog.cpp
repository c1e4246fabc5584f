#include "api/first_catalog.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "api/schema_reload.hpp"
#include "base/error.hpp"
#include "execute/text_array.hpp"
#include "postgres/connect.hpp"
#include "postgres/failure_log.hpp"
#include "postgres/message.hpp"
#include "postgres/result.hpp"

namespace threefactor {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kOldestServer = 130000;
constexpr const char* kApplicationName = "threefactor-gateway";

std::string Name(const PGconn* connection) {
  const auto text = [](const char* value) { return value == nullptr ? "" : value; };
  return fmt::format("{} at {}:{}", text(PQdb(connection)), text(PQhost(connection)), text(PQport(connection)));
}

// Not refused: a migration may be about to make them.
void WarnOfMissingSchemas(PGconn* connection, const char* schemas) {
  const postgres::Result result(
      PQexecParams(connection,
                   "SELECT pg_catalog.string_agg(name, ', ') FROM pg_catalog.unnest($1::text[]) "
                   "AS name WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = name)",
                   1, nullptr, &schemas, nullptr, nullptr, 0));
  if (PQntuples(result.get()) == 1 && PQgetisnull(result.get(), 0, 0) == 0)
    spdlog::warn("--schemas: the database has no schema {} yet", PQgetvalue(result.get(), 0, 0));
}

std::string ReadText(PGconn* connection, const sql::Statement& statement) {
  std::vector<const char*> values;
  for (const auto& parameter : statement.parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
  const postgres::Result result(PQexecParams(connection, statement.text.c_str(), static_cast<int>(values.size()),
                                             nullptr, values.data(), nullptr, nullptr, 0));
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK || PQntuples(result.get()) != 1)
    throw std::runtime_error(fmt::format("cannot read the catalog of database {}: {}", Name(connection),
                                         FailureKind(postgres::SqlState(result.get()))));
  return std::string(postgres::ResponseText(result.get(), 0, ""));
}

void CheckAdminRole(PGconn* connection, const std::string& role) {
  if (role.empty()) return;
  const std::array values = {role.c_str()};
  const postgres::Result result(
      PQexecParams(connection, "SELECT pg_has_role(r.oid, 'MEMBER') FROM pg_roles AS r WHERE r.rolname = $1::text", 1,
                   nullptr, values.data(), nullptr, nullptr, 0));
  if (PQntuples(result.get()) != 1)
    throw std::runtime_error(fmt::format("--admin-role: there is no role \"{}\" in the database", role));
  if (std::string_view(PQgetvalue(result.get(), 0, 0)) != "t")
    throw std::runtime_error(fmt::format("--admin-role: \"{}\" is not a member of it: GRANT {} TO {} is missing",
                                         PQuser(connection), role, PQuser(connection)));
}

// A pooler gives its clients process ids of its own making.
bool IsPooled(PGconn* connection) {
  const postgres::Result result(PQexec(connection, "SELECT pg_catalog.pg_backend_pid()"));
  return PQntuples(result.get()) == 1 && std::to_string(PQbackendPID(connection)) != PQgetvalue(result.get(), 0, 0);
}

}  // namespace

FirstCatalog ReadFirstCatalog(const Options& options, const std::function<bool(std::chrono::milliseconds)>& pause) {
  if (!postgres::IsConnectionString(options.database_url))
    throw std::runtime_error(
        "--database-url is neither a URL like postgresql://user:password@host:5432/database nor a libpq connection "
        "string like \"host=... dbname=...\"");
  const auto give_up = Clock::now() + std::chrono::milliseconds(options.connect_timeout_ms);
  postgres::ConnectionHandle connection = postgres::Connect(options.database_url, kApplicationName);
  std::string told;
  while (PQstatus(connection.get()) != CONNECTION_OK) {
    const std::string why = postgres::MessageOf(connection.get());
    if (Clock::now() >= give_up)
      throw std::runtime_error(fmt::format("cannot connect to database {}: {}", Name(connection.get()), why));
    if (std::exchange(told, why) != why) spdlog::warn("waiting for database {}: {}", Name(connection.get()), why);
    if (!pause(std::chrono::milliseconds(250)))
      throw std::runtime_error(fmt::format("stopped while waiting for database {}", Name(connection.get())));
    connection = postgres::Connect(options.database_url, kApplicationName);
  }
  if (PQserverVersion(connection.get()) < kOldestServer)
    throw std::runtime_error(fmt::format("database {} is PostgreSQL {}; 13 or newer is needed", Name(connection.get()),
                                         PQparameterStatus(connection.get(), "server_version")));
  // In a transaction, since a pooler may give the connection to others.
  const postgres::Result begun(PQexec(connection.get(), ("BEGIN; " + std::string(schema::kCatalogSearchPath)).c_str()));
  CheckAdminRole(connection.get(), options.admin_role);
  FirstCatalog first;
  first.catalog_text = ReadText(connection.get(), api::CatalogStatement(options.schemas));
  first.privileges_text = ReadText(connection.get(), api::PrivilegesStatement(options.admin_role));
  WarnOfMissingSchemas(connection.get(), execute::TextArray(options.schemas).c_str());
  const postgres::Result ended(PQexec(connection.get(), "COMMIT"));
  first.database = Name(connection.get());
  first.is_pooled = IsPooled(connection.get());
  try {
    first.catalog = schema::ParseCatalog(first.catalog_text, options.stringify_numeric_types);
  } catch (const Error& error) {
    throw std::runtime_error(error.message());
  }
  return first;
}

}  // namespace threefactor
