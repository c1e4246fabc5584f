#include "execute/executor.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <deque>
#include <unordered_set>
#include <utility>

#include "execute/canceller.hpp"
#include "execute/connection.hpp"
#include "execute/exchange.hpp"
#include "postgres/error.hpp"

namespace threefactor::execute {

namespace {

using Clock = Loop::Clock;

// How long an operation waits for a database that cannot be reached: a restart of the server is not noticed, an outage
// is reported.
constexpr std::chrono::seconds kOutageLimit(5);
constexpr std::size_t kParameterLimit = 65535;  // of the protocol

// The protocol's strings end there: the rest, a condition perhaps, would be lost in silence.
const sql::Statement* FindZero(const std::vector<sql::Statement>& statements) {
  const auto has_zero = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  const auto found = std::find_if(statements.begin(), statements.end(), [&](const sql::Statement& each) {
    return has_zero(each.text) || std::any_of(each.parameters.begin(), each.parameters.end(),
                                              [&](const auto& value) { return value && has_zero(*value); });
  });
  return found == statements.end() ? nullptr : &*found;
}

Error HasZero(const sql::Statement& statement) {
  return {code::kBadRequest, "a text may not contain the character U+0000",
          statement.error_path.empty() ? "$" : statement.error_path};
}

}  // namespace

struct Executor::Impl final : Connection::Owner {
  Impl(Loop& its_loop, ExecutorOptions its_options) : loop(its_loop), options(std::move(its_options)) {
    for (int i = 0; i < std::max(options.connections, 1); ++i)
      connections.push_back(std::make_unique<Connection>(loop, options, *this));
    for (const auto& connection : connections) connection->Open();
  }

  void OnIdle(Connection& connection) override {
    if (outage_reported) {
      outage_reported = false;
      spdlog::info("connected to the database");
    }
    if (cancelling.contains(&connection)) return;  // a late cancel request must not hit the next operation
    if (queue.empty()) {
      idle.push_back(&connection);
      return CheckDrained();
    }
    std::unique_ptr<Exchange> next = std::move(queue.front());
    queue.pop_front();
    connection.Run(std::move(next));
  }

  void OnDown(Connection& connection, const std::string& why, const std::string& logged) override {
    std::erase(idle, &connection);
    if (!outage_reported) {
      outage_reported = true;
      spdlog::warn("database connection: {}", logged);
    }
    if (!AnyUp()) FailOldest(why);
    CheckDrained();
  }

  bool AnyUp() const {
    return std::any_of(connections.begin(), connections.end(), [](const auto& each) { return each->IsUp(); });
  }

  void FailOldest(const std::string& why) {
    const auto limit = Clock::now() - kOutageLimit;
    while (!queue.empty() && (queue.front()->since < limit || drained)) {
      const std::unique_ptr<Exchange> oldest = std::move(queue.front());
      queue.pop_front();
      oldest->Fail(postgres::LostConnection(why, false));
      oldest->Report();
    }
  }

  Ticket Enqueue(std::unique_ptr<Exchange> exchange) {
    const Ticket ticket = exchange->ticket = next_ticket++;
    if (!idle.empty()) {
      Connection* connection = idle.back();
      idle.pop_back();
      connection->Run(std::move(exchange));
    } else if (queue.size() < static_cast<std::size_t>(options.queue_limit)) {
      queue.push_back(std::move(exchange));
    } else {
      Refuse(std::move(exchange), Error(code::kBusy, "too many operations are waiting for the database"));
    }
    return ticket;
  }

  void Refuse(std::unique_ptr<Exchange> exchange, Error error) {
    exchange->Fail(std::move(error));
    ReportLater(std::move(exchange));
  }

  // What needs no connection is reported in the loop's next turn, in order, and may still be cancelled.
  void ReportLater(std::unique_ptr<Exchange> exchange) {
    settled.push_back(std::move(exchange));
    if (std::exchange(reporting_settled, true)) return;
    loop.Post([this, alive = std::weak_ptr<bool>(alive_flag)] {
      if (alive.expired()) return;
      reporting_settled = false;
      for (std::size_t left = settled.size(); left > 0 && !settled.empty(); --left) {
        const std::unique_ptr<Exchange> first = std::move(settled.front());
        settled.pop_front();
        first->Report();
      }
    });
  }

  void Cancel(Ticket ticket) {
    for (auto* waiting : {&queue, &settled}) {
      const auto found =
          std::find_if(waiting->begin(), waiting->end(), [ticket](const auto& each) { return each->ticket == ticket; });
      if (found == waiting->end()) continue;
      const std::unique_ptr<Exchange> dropped = std::move(*found);
      waiting->erase(found);
      return;
    }
    for (const auto& connection : connections) {
      Exchange* running = connection->current();
      if (running == nullptr || running->ticket != ticket) continue;
      running->Abandon();
      if (running->IsRead() && connection->IsUp() && !cancelling.contains(connection.get()))
        CancelInServer(*connection);
      return;
    }
  }

  void CancelInServer(Connection& connection) {
    cancelling.insert(&connection);
    canceller.Cancel(connection.MakeCancelHandle(), [this, &connection, alive = std::weak_ptr<bool>(alive_flag)] {
      // Still on the canceller's thread, which the destructor joins: `loop` is there, the rest is the loop's to touch.
      loop.Post([this, &connection, alive] {
        if (alive.expired()) return;
        cancelling.erase(&connection);
        if (connection.IsUp() && connection.current() == nullptr) OnIdle(connection);
      });
    });
  }

  void CheckDrained() {
    if (!drained || !queue.empty()) return;
    for (const auto& connection : connections)
      if (connection->IsBusy()) return;
    loop.Post(std::exchange(drained, nullptr));
  }

  Loop& loop;
  const ExecutorOptions options;
  std::deque<std::unique_ptr<Exchange>> queue;    // wait for a connection
  std::deque<std::unique_ptr<Exchange>> settled;  // wait to be reported
  bool reporting_settled = false;
  std::vector<std::unique_ptr<Connection>> connections;
  std::vector<Connection*> idle;
  std::unordered_set<Connection*> cancelling;  // a cancel request for it is under way
  Ticket next_ticket = 1;
  bool outage_reported = false;
  std::function<void()> drained;
  std::shared_ptr<bool> alive_flag = std::make_shared<bool>(true);
  Canceller canceller;  // last: its thread ends before anything it uses
};

Executor::Executor(Loop& loop, ExecutorOptions options) : impl_(std::make_unique<Impl>(loop, std::move(options))) {}

Executor::~Executor() = default;

Executor::Ticket Executor::Run(std::shared_ptr<const sql::Compiled> compiled, Session session, Done done,
                               std::shared_ptr<Trace> trace) {
  const bool no_statements = compiled->statements.empty();
  const sql::Statement* zero = FindZero(compiled->statements);
  std::optional<Error> refusal;
  if (zero != nullptr) refusal = HasZero(*zero);
  const bool too_many = std::any_of(compiled->statements.begin(), compiled->statements.end(),
                                    [](const auto& each) { return each.parameters.size() > kParameterLimit; });
  auto exchange = MakePipeline(std::move(compiled), std::move(session), impl_->options.statement_timeout_ms,
                               impl_->options.most_response_characters, std::move(done));
  exchange->trace = std::move(trace);
  if (too_many) refusal = Error(code::kValidationFailed, "more than 65535 values in one operation");
  if (refusal) {
    const Ticket ticket = exchange->ticket = impl_->next_ticket++;
    impl_->Refuse(std::move(exchange), *std::move(refusal));
    return ticket;
  }
  if (no_statements) {
    const Ticket ticket = exchange->ticket = impl_->next_ticket++;
    impl_->ReportLater(std::move(exchange));
    return ticket;
  }
  return impl_->Enqueue(std::move(exchange));
}

void Executor::Cancel(Ticket ticket) {
  impl_->Cancel(ticket);
}

void Executor::RunStatements(std::vector<sql::Statement> statements, const Session& session,
                             std::function<void(RowsOutcome)> done) {
  const sql::Statement* zero = FindZero(statements);
  std::optional<Error> refusal;
  if (zero != nullptr) refusal = HasZero(*zero);
  auto script = MakeScript(std::move(statements), session, std::move(done));
  if (refusal) return impl_->Refuse(std::move(script), *std::move(refusal));
  impl_->Enqueue(std::move(script));
}

bool Executor::IsConnected() const {
  return impl_->AnyUp() || std::any_of(impl_->connections.begin(), impl_->connections.end(),
                                       [](const auto& each) { return each->IsRenewing(); });
}

void Executor::Drain(std::function<void()> drained) {
  impl_->drained = std::move(drained);
  impl_->CheckDrained();
}

}  // namespace threefactor::execute
