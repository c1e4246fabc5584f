// Runs compiled operations on a loop's own Postgres connections, without blocking the loop: libpq in pipeline mode, so
// that role, claims, statements and commit cost one round trip. One operation at a time per connection; more wait in
// order of arrival. A lost connection is reopened with a delay that grows; operations that were sent on it fail with
// Error(kPostgresError), those still waiting stay queued.
// Lives on one loop's thread; nothing here may be called from another.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/session.hpp"
#include "loop/loop.hpp"
#include "sql/compiled.hpp"
#include "trace/trace.hpp"

namespace threefactor::execute {

// What hasura.user is on every connection (of options.prepared) unless a transaction sets it, and request.jwt.claims
// follows from: an administrator who sends no X-Hasura-* headers, so that nothing has to be set for the most frequent
// one.
inline constexpr std::string_view kAdministratorVariables = R"({"x-hasura-role":"admin"})";

// The response's data object as JSON text, or what went wrong.
using Outcome = std::variant<std::string, Error>;
using Done = std::function<void(Outcome)>;

struct ExecutorOptions {
  std::string database_url;
  int connections = 4;
  int queue_limit = 10000;       // operations waiting; past it: Error(kBusy)
  int statement_timeout_ms = 0;  // 0: the server's own
  bool prepared = true;          // false: works through a transaction-mode PgBouncer
  // What the statements of one operation may answer; 0: anything. Each alone is held to it by Postgres
  // (Context::Answer) so that no larger one arrives; all together by the gateway.
  std::size_t most_response_characters = 0;
};

class Executor {
 public:
  Executor(Loop& loop, ExecutorOptions options);
  ~Executor();

  using Ticket = std::uint64_t;
  // Calls `done` exactly once, later, on the loop's thread, unless cancelled. `compiled` is kept until then.
  // An operation without statements completes without a connection.
  // `trace`: null, or told when it got a connection and when the database had answered.
  Ticket Run(std::shared_ptr<const sql::Compiled> compiled, Session session, Done done,
             std::shared_ptr<Trace> trace = nullptr);
  // The result is no longer wanted: a waiting operation is dropped, a running read is cancelled in the server, a
  // running mutation goes on to its end unheard.
  void Cancel(Ticket ticket);
  // Arbitrary SQL of the gateway's own (catalog, metadata API), in one transaction: the statements run in order;
  // the result is that of each, all columns as text.
  struct Rows {
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<std::string>>> rows;
    bool has_rows = false;  // the statement answers rows, even if there are none
  };
  using RowsOutcome = std::variant<std::vector<Rows>, Error>;
  void RunStatements(std::vector<sql::Statement> statements, const Session& session,
                     std::function<void(RowsOutcome)> done);

  bool IsConnected() const;  // at least one connection is usable
  // Finishes what is queued, then calls `drained` once; nothing may be Run afterwards.
  void Drain(std::function<void()> drained);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace threefactor::execute
