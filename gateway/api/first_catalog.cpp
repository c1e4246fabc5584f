#include "api/first_catalog.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "api/schema_reload.hpp"
#include "base/error.hpp"
#include "execute/failure_log.hpp"
#include "execute/result.hpp"

namespace threefactor {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kOldestServer = 130000;

struct FinishConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using ConnectionHandle = std::unique_ptr<PGconn, FinishConnection>;

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

std::string WithoutLineEnd(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// libpq's own message would quote the part it does not understand, which may hold the password.
void CheckUrl(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(PQconninfoParse(url.c_str(), nullptr));
  if (parsed == nullptr)
    throw std::runtime_error(
        "--database-url is neither a URL like postgresql://user:password@host:5432/database nor a libpq connection "
        "string like \"host=... dbname=...\"");
}

ConnectionHandle Connect(const std::string& url) {
  const std::array keywords = {"connect_timeout", "fallback_application_name", "dbname", "client_encoding",
                               static_cast<const char*>(nullptr)};
  const std::array values = {"10", "threefactor-gateway", url.c_str(), "UTF8", static_cast<const char*>(nullptr)};
  ConnectionHandle connection(PQconnectdbParams(keywords.data(), values.data(), 1));
  if (connection == nullptr) throw std::bad_alloc();
  DropNotices(connection.get());
  return connection;
}

std::string Name(const PGconn* connection) {
  const auto text = [](const char* value) { return value == nullptr ? "" : value; };
  return fmt::format("{} at {}:{}", text(PQdb(connection)), text(PQhost(connection)), text(PQport(connection)));
}

// Not refused: a migration may be about to make them.
void WarnOfMissingSchemas(PGconn* connection, const char* schemas) {
  const execute::Result result(
      PQexecParams(connection,
                   "SELECT pg_catalog.string_agg(name, ', ') FROM pg_catalog.unnest($1::text[]) "
                   "AS name WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = name)",
                   1, nullptr, &schemas, nullptr, nullptr, 0));
  if (PQntuples(result.get()) == 1 && PQgetisnull(result.get(), 0, 0) == 0)
    spdlog::warn("--schemas: the database has no schema {} yet", PQgetvalue(result.get(), 0, 0));
}

// A pooler gives its clients process ids of its own making.
bool IsPooled(PGconn* connection) {
  const execute::Result result(PQexec(connection, "SELECT pg_catalog.pg_backend_pid()"));
  return PQntuples(result.get()) == 1 && std::to_string(PQbackendPID(connection)) != PQgetvalue(result.get(), 0, 0);
}

}  // namespace

FirstCatalog ReadFirstCatalog(const Options& options, const std::function<bool(std::chrono::milliseconds)>& pause) {
  CheckUrl(options.database_url);
  const auto give_up = Clock::now() + std::chrono::milliseconds(options.connect_timeout_ms);
  ConnectionHandle connection = Connect(options.database_url);
  std::string told;
  while (PQstatus(connection.get()) != CONNECTION_OK) {
    const std::string why = WithoutLineEnd(PQerrorMessage(connection.get()));
    if (Clock::now() >= give_up)
      throw std::runtime_error(fmt::format("cannot connect to database {}: {}", Name(connection.get()), why));
    if (std::exchange(told, why) != why) spdlog::warn("waiting for database {}: {}", Name(connection.get()), why);
    if (!pause(std::chrono::milliseconds(250)))
      throw std::runtime_error(fmt::format("stopped while waiting for database {}", Name(connection.get())));
    connection = Connect(options.database_url);
  }
  if (PQserverVersion(connection.get()) < kOldestServer)
    throw std::runtime_error(fmt::format("database {} is PostgreSQL {}; 13 or newer is needed", Name(connection.get()),
                                         PQparameterStatus(connection.get(), "server_version")));
  const sql::Statement statement = api::CatalogStatement(options.schemas);
  // In a transaction, since a pooler may give the connection to others.
  const execute::Result begun(PQexec(connection.get(), ("BEGIN; " + std::string(schema::kCatalogSearchPath)).c_str()));
  const std::array values = {statement.parameters.at(0)->c_str()};
  const execute::Result result(
      PQexecParams(connection.get(), statement.text.c_str(), 1, nullptr, values.data(), nullptr, nullptr, 0));
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK || PQntuples(result.get()) != 1)
    throw std::runtime_error(fmt::format("cannot read the catalog of database {}: {}", Name(connection.get()),
                                         FailureKind(execute::SqlState(result.get()))));
  WarnOfMissingSchemas(connection.get(), values.front());
  const execute::Result ended(PQexec(connection.get(), "COMMIT"));
  try {
    return {schema::ParseCatalog(execute::ResponseText(result.get(), 0, ""), "admin", options.stringify_numeric_types),
            Name(connection.get()), IsPooled(connection.get())};
  } catch (const Error& error) {
    throw std::runtime_error(error.message());
  }
}

}  // namespace threefactor
