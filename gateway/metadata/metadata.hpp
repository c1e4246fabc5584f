// The Hasura metadata API over HTTP: /v1/query, /v2/query, /v1/metadata. Administrators only. Each request type maps to
// a SQL function of the schema threefactor (or to run_sql); `bulk` runs all of its parts in one transaction.
// The requests are those of Hasura's page "Metadata API Reference: Index".
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/session.hpp"
#include "execute/executor.hpp"
#include "schema/type_system.hpp"
#include "sql/compiled.hpp"

namespace threefactor::metadata {

struct Reply {
  int status = 200;
  std::string body;
};

// What a request needs of the gateway.
struct Surroundings {
  execute::Executor& executor;
  std::shared_ptr<const schema::Schema> schema;  // what queries for data are read with
  const std::vector<std::string>& schemas;       // that are served without being tracked
  const std::string& role_prefix;                // of the database roles of requests
  // Reads the catalog again, and calls `done` when what the request made is served.
  std::function<void(std::function<void(std::optional<Error>)> done)> reload_schema;
};

// Tells the functions of the extension, for a transaction, what the gateway serves: names are checked against the
// schemas (sql/names.sql), and permissions are given to the roles that the prefix leads to (sql/policies.sql).
sql::Statement SettingsStatement(const std::vector<std::string>& schemas, const std::string& role_prefix);

// Calls `done` once on the executor's loop.
void HandleRequest(const Surroundings& surroundings, const Session& session, std::string_view body,
                   std::function<void(Reply)> done);

}  // namespace threefactor::metadata
