// One conversation with the server over an idle connection: what is sent, and what the answers mean.
#pragma once

#include <string>

#include "execute/executor.hpp"
#include "execute/prepared.hpp"
#include "postgres/handles.hpp"

namespace threefactor::execute {

class Exchange {
 public:
  enum class Progress {
    kMore,
    kFinished,  // the connection is idle again, outside a transaction
    kBroken,    // the connection cannot be used any more
    kFailed,    // finished; but what the session remembers may be to blame: Start on a new connection may do better
  };

  virtual ~Exchange() = default;
  // Queues the first commands. `prepared`: what the connection holds; null: use unnamed statements only.
  // Both stay valid until the exchange ends. False: libpq refused, the connection is unusable. After kFailed it may be
  // called again, once, and begins anew.
  virtual bool Start(PGconn* connection, PreparedStatements* prepared) = 0;
  // One result in order; null ends the results of one command.
  virtual Progress OnResult(postgres::Result result) = 0;
  // The connection ended before the exchange did; `why` is one line of libpq.
  virtual void OnLost(const std::string& why) = 0;
  virtual void Fail(Error error) = 0;  // it never started
  virtual void Abandon() = 0;          // nobody waits for the outcome
  virtual bool IsRead() const = 0;     // nothing is lost if the server cancels it
  virtual void Report() = 0;           // hands over the outcome, once

  Executor::Ticket ticket = 0;
  std::shared_ptr<Trace> trace;    // usually null
  std::size_t largest_result = 0;  // bytes
  bool ends_session = false;       // nobody else may get the session: it may hold what others must not find
  Loop::Clock::time_point since = Loop::Clock::now();
};

// A compiled operation, sent as one pipeline that is one transaction. `statement_timeout_ms`: what PrepareSession sets;
// where a session is not kept, it travels with each transaction.
std::unique_ptr<Exchange> MakePipeline(std::shared_ptr<const sql::Compiled> compiled, Session session,
                                       int statement_timeout_ms, std::size_t most_response_characters, Done done);
// Statements one after the other in one transaction; those without parameters may hold several commands each.
std::unique_ptr<Exchange> MakeScript(std::vector<sql::Statement> statements, const Session& session,
                                     std::function<void(Executor::RowsOutcome)> done);

// The statement that makes a session's settings local to the transaction; empty text: nothing to set.
// `statement_timeout_ms` 0: leave it. `read_only`: where there is something to set, the transaction may not write.
sql::Statement SettingsStatement(const Session& session, int statement_timeout_ms, bool read_only);

// What every connection that keeps its session is set to (PrepareSession), as one SELECT.
sql::Statement SessionStatement(int statement_timeout_ms);

}  // namespace threefactor::execute
