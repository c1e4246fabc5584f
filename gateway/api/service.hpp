// What a connection needs to answer requests: one Service per event loop, living as long as the loop.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "api/schema_store.hpp"
#include "auth/authenticator.hpp"
#include "cache/documents.hpp"
#include "execute/executor.hpp"
#include "live/engine.hpp"
#include "loop/loop.hpp"
#include "options/options.hpp"
#include "pipeline/pipeline.hpp"
#include "transport/body_budget.hpp"

namespace threefactor::api {

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
  // Reads what a role may do that `schemas` does not hold; `done` is called on this service's loop, with an error where
  // no request may run as the role.
  std::function<void(const std::string& role, std::function<void(std::optional<Error>)> done)> load_role{};
  // Null: only an admin secret says who asks.
  auth::Authenticator* authenticator = nullptr;
};

// Whether errors tell him what Postgres said.
inline bool ShowsInternal(const Identity& identity, const Options& options) {
  return options.dev_mode || (identity.is_admin && options.admin_internal_errors);
}
// By the admin secret, or because there is none: from the headers of a request or of connection_init, names in lower
// case; throws Error(kAccessDenied). identify.hpp asks those too who have proved less.
Identity Authenticate(const std::map<std::string, std::string>& headers, const Options& options);

// That no request may run as a role; why is in the log, not for whoever asks.
inline Error RoleRefused() {
  return Error(code::kAccessDenied, "the role of the request is not served");
}
// What the caller may see. Throws Error(kAccessDenied): the role is not held any more.
std::shared_ptr<const schema::Schema> SchemaFor(const Service& service, const Identity& identity);
// What the caller's statements run in.
Session SessionOf(const Identity& identity, const ServedRole& role);
// The same for a compiled operation: reads of an administrator need no settings, unless they, or expressions of others
// that they evaluate, may ask for the session variables; which keeps most to one prepared statement.
Session SessionFor(const Identity& identity, const ServedRole& role, const sql::Compiled& compiled);

}  // namespace threefactor::api
