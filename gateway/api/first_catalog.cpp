#include "api/first_catalog.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "api/schema_reload.hpp"
#include "base/error.hpp"
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
  const sql::Statement statement = api::CatalogStatement(options.schemas);
  // In a transaction, since a pooler may give the connection to others.
  const postgres::Result begun(PQexec(connection.get(), ("BEGIN; " + std::string(schema::kCatalogSearchPath)).c_str()));
  const std::array values = {statement.parameters.at(0)->c_str()};
  const postgres::Result result(
      PQexecParams(connection.get(), statement.text.c_str(), 1, nullptr, values.data(), nullptr, nullptr, 0));
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK || PQntuples(result.get()) != 1)
    throw std::runtime_error(fmt::format("cannot read the catalog of database {}: {}", Name(connection.get()),
                                         FailureKind(postgres::SqlState(result.get()))));
  WarnOfMissingSchemas(connection.get(), values.front());
  const postgres::Result ended(PQexec(connection.get(), "COMMIT"));
  try {
    return {schema::ParseCatalog(postgres::ResponseText(result.get(), 0, ""), "admin", options.stringify_numeric_types),
            Name(connection.get()), IsPooled(connection.get())};
  } catch (const Error& error) {
    throw std::runtime_error(error.message());
  }
}

}  // namespace threefactor
