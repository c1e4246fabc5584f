// Statements of the gateway's own, one after the other in one transaction. Not pipelined, since only the simple query
// protocol takes several commands in one text (run_sql).
#include <algorithm>
#include <utility>

#include "execute/exchange.hpp"
#include "postgres/error.hpp"
#include "postgres/result.hpp"

namespace threefactor::execute {

namespace {

// What DISCARD ALL does, as far as a transaction may. Behind a pooler the session outlives our connection.
constexpr const char* kResetSession =
    "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; DISCARD TEMP; DISCARD PLANS; DISCARD "
    "SEQUENCES; "
    "SELECT pg_catalog.pg_advisory_unlock_all()";

Executor::Rows RowsOf(const PGresult* result) {
  Executor::Rows rows;
  rows.has_rows = PQresultStatus(result) == PGRES_TUPLES_OK;
  const int columns = PQnfields(result);
  for (int column = 0; column < columns; ++column) rows.columns.emplace_back(PQfname(result, column));
  const int count = PQntuples(result);
  rows.rows.reserve(static_cast<std::size_t>(count));
  for (int row = 0; row < count; ++row) {
    auto& values = rows.rows.emplace_back();
    values.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
      if (PQgetisnull(result, row, column))
        values.emplace_back(std::nullopt);
      else
        values.emplace_back(std::in_place, PQgetvalue(result, row, column),
                            static_cast<std::size_t>(PQgetlength(result, row, column)));
    }
  }
  return rows;
}

class Script final : public Exchange {
 public:
  Script(std::vector<sql::Statement> statements, const Session& session,
         std::function<void(Executor::RowsOutcome)> done)
      : done_(std::move(done)) {
    // BEGIN, settings, the statements, COMMIT: the first and the last of them are ours and answer nothing.
    steps_.push_back({"BEGIN", {}, "$", ""});
    if (sql::Statement settings = SettingsStatement(session, 0, false); !settings.text.empty())
      steps_.push_back(std::move(settings));
    first_ = steps_.size();
    // Planning for a role (explain) may call functions of users.
    ends_session = !session.database_role.empty() || std::any_of(statements.begin(), statements.end(),
                                                                 [](const auto& each) { return each.is_arbitrary; });
    for (sql::Statement& statement : statements) steps_.push_back(std::move(statement));
    if (ends_session) steps_.push_back({kResetSession, {}, "$", ""});
    steps_.push_back({"COMMIT", {}, "$", ""});
  }

  bool Start(PGconn* connection, PreparedStatements* /*prepared*/) override {
    connection_ = connection;
    return PQexitPipelineMode(connection_) == 1 && SendStep();
  }

  Progress OnResult(postgres::Result result) override {
    if (result == nullptr) return OnCommandEnd();
    switch (PQresultStatus(result.get())) {
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
      case PGRES_EMPTY_QUERY:
        largest_result = std::max(largest_result, postgres::ValueSize(result.get()));
        last_ = std::move(result);
        return Progress::kMore;
      case PGRES_COPY_IN:
      case PGRES_COPY_OUT:
      case PGRES_COPY_BOTH:
        error_ = Error(code::kNotSupported, "COPY from or to the client is not supported", Path());
        return Progress::kBroken;
      default:
        if (!error_) error_ = postgres::ErrorOf(result.get(), Path());
        return Progress::kMore;
    }
  }

  void OnLost(const std::string& why) override {
    if (error_ || committed_) return;
    error_ = postgres::LostConnection(why, step_ + 1 == steps_.size());
  }

  void Fail(Error error) override { error_ = std::move(error); }
  void Abandon() override { done_ = nullptr; }
  bool IsRead() const override { return false; }

  void Report() override {
    if (const auto done = std::exchange(done_, nullptr))
      done(error_ ? Executor::RowsOutcome(*std::move(error_)) : Executor::RowsOutcome(std::move(rows_)));
  }

 private:
  bool SendStep() {
    const sql::Statement& step = steps_[step_];
    if (step.parameters.empty()) return PQsendQuery(connection_, step.text.c_str()) == 1;
    std::vector<const char*> values;
    values.reserve(step.parameters.size());
    for (const auto& parameter : step.parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
    return PQsendQueryParams(connection_, step.text.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                             nullptr, nullptr, 0) == 1;
  }

  Progress OnCommandEnd() {
    const bool was_commit = step_ + 1 == steps_.size();
    if (rolling_back_) return Progress::kFinished;
    if (error_) {
      if (PQtransactionStatus(connection_) == PQTRANS_IDLE) return Progress::kFinished;  // the COMMIT itself failed
      rolling_back_ = true;
      std::string text = "ROLLBACK";
      if (ends_session) text.append("; ").append(kResetSession);
      return PQsendQuery(connection_, text.c_str()) == 1 ? Progress::kMore : Progress::kBroken;
    }
    if (was_commit) {
      committed_ = true;
      return Progress::kFinished;
    }
    if (step_ >= first_) rows_.push_back(RowsOf(last_.get()));
    ++step_;
    return SendStep() ? Progress::kMore : Progress::kBroken;
  }

  std::string Path() const { return steps_[step_].error_path.empty() ? "$" : steps_[step_].error_path; }

  std::vector<sql::Statement> steps_;
  std::size_t first_ = 0;  // index of the caller's first statement
  std::size_t step_ = 0;
  std::function<void(Executor::RowsOutcome)> done_;
  PGconn* connection_ = nullptr;
  postgres::Result last_;
  std::vector<Executor::Rows> rows_;
  std::optional<Error> error_;
  bool rolling_back_ = false;
  bool committed_ = false;
};

}  // namespace

std::unique_ptr<Exchange> MakeScript(std::vector<sql::Statement> statements, const Session& session,
                                     std::function<void(Executor::RowsOutcome)> done) {
  return std::make_unique<Script>(std::move(statements), session, std::move(done));
}

}  // namespace threefactor::execute
