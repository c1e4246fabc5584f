// What a connection needs to answer requests: one Service per event loop, living as long as the loop.
// The schema is shared by all loops and replaced as a whole; a request keeps the one it began with.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "cache/documents.hpp"
#include "execute/executor.hpp"
#include "live/engine.hpp"
#include "loop/loop.hpp"
#include "options/options.hpp"
#include "pipeline/pipeline.hpp"
#include "transport/body_budget.hpp"

namespace threefactor::api {

class SchemaStore {
 public:
  std::shared_ptr<const schema::Schema> Get() const { return schema_.load(); }
  void Set(std::shared_ptr<const schema::Schema> schema) { schema_.store(std::move(schema)); }

 private:
  std::atomic<std::shared_ptr<const schema::Schema>> schema_;
};

class WebSocketConnection;

struct Service {
  const Options& options;
  Loop& loop;
  execute::Executor& executor;
  live::Engine& live;
  SchemaStore& schemas;
  // Reads the catalog again and swaps the schema; `done` is called on this service's loop.
  std::function<void(std::function<void(std::optional<Error>)> done)> reload_schema;
  transport::BodyBudget& bodies;     // of all loops
  cache::Documents& documents;       // of all loops
  cache::OperationCache operations;  // compiled on this loop
  // Open WebSockets of the loop: websocket.cpp adds and removes them.
  std::set<std::shared_ptr<WebSocketConnection>> websockets{};
  // As reload_schema, for an operation that failed as if DDL had made it wrong. Where it proves that none has, the next
  // comes later, so that a statement that always fails does not keep the database reading its catalog.
  std::function<void(std::function<void(std::optional<Error>)> done)> heal_schema{};
};

// Whether errors tell him what Postgres said.
inline bool ShowsInternal(const Identity& identity, const Options& options) {
  return options.dev_mode || (identity.is_admin && options.admin_internal_errors);
}
// From the headers of a request or of connection_init, names in lower case; throws Error(kAccessDenied).
Identity Authenticate(const std::map<std::string, std::string>& headers, const Options& options);

// The session that a compiled operation runs in: reads of an administrator need no settings, unless they ask for the
// session variables, which keeps them to one prepared statement.
Session SessionFor(const Identity& identity, const sql::Compiled& compiled);

}  // namespace threefactor::api
