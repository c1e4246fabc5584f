// A compiled operation as one libpq pipeline: [settings,] statements, [cleaning,] Sync. All that precedes a Sync is one
// transaction to Postgres, which commits there, so that nothing else has to be sent; its answer to the Sync,
// ReadyForQuery, comes after the commit and is what makes the outcome known. A COMMIT that fails (a deferred
// constraint) is an error there.
//
// Cleaning takes away what code of users left in the session. It comes before the end of the transaction, so that it
// works behind a pooler, too, which gives the session to others then. BEGIN and COMMIT stand around it where a pooler
// has to keep the session, and in mutations, for SET CONSTRAINTS. An error skips all up to the Sync: then it is sent
// once more.
#include <algorithm>
#include <array>
#include <utility>

#include "base/sqlstate.hpp"
#include "execute/cleaning.hpp"
#include "execute/exchange.hpp"
#include "postgres/error.hpp"
#include "postgres/result.hpp"

namespace threefactor::execute {

namespace {

class Pipeline final : public Exchange {
 public:
  Pipeline(std::shared_ptr<const sql::Compiled> compiled, Session session, int statement_timeout_ms,
           std::size_t most_response_characters, Done done)
      : compiled_(std::move(compiled)),
        session_(std::move(session)),
        statement_timeout_ms_(statement_timeout_ms),
        most_characters_(most_response_characters),
        done_(std::move(done)),
        results_(compiled_->statements.size()) {}

  bool Start(PGconn* connection, PreparedStatements* prepared) override {
    connection_ = connection;
    prepared_ = prepared;
    if (error_) {  // again, on another connection
      error_.reset();
      is_second_session_ = true;
      Rewind();
    }
    if (prepared_ != nullptr && session_.session_variables == kAdministratorVariables) session_.session_variables = "";
    cleaning_ = CleaningStatements(compiled_->residue, prepared_ != nullptr, statement_timeout_ms_,
                                   PQparameterStatus(connection_, "application_name"));
    if (PQenterPipelineMode(connection_) != 1) return false;
    return SendOperation();
  }

  Progress OnResult(postgres::Result result) override {
    if (next_ >= sent_.size()) return Progress::kBroken;  // an answer to nothing
    const Sent& sent = sent_[next_];
    if (result == nullptr) {
      if (sent.step != Step::kSync) ++next_;  // the end of an error's results, where the commit failed
      return Progress::kMore;
    }
    switch (PQresultStatus(result.get())) {
      case PGRES_PIPELINE_SYNC:
        return OnSync();
      case PGRES_PIPELINE_ABORTED:
        if (sent.step == Step::kCleaning) is_unclean_ = true;
        if (sent.step == Step::kPrepare) prepared_->Forget(*sent.text);
        return Progress::kMore;
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
        if (sent.step == Step::kStatement)
          Keep(sent.statement, std::move(result));
        else if (sent.step == Step::kCleaning && FoundPrepared(result.get()))
          ends_session = true;
        return Progress::kMore;
      default:
        return OnFailure(sent, result.get());
    }
  }

  void OnLost(const std::string& why) override {
    if (settled_ || error_) return;  // what was answered before still holds
    error_ = postgres::LostConnection(why, compiled_->kind == sql::Compiled::Kind::kMutation);
  }

  void Fail(Error error) override { error_ = std::move(error); }
  void Abandon() override { done_ = nullptr; }
  bool IsRead() const override { return compiled_->kind != sql::Compiled::Kind::kMutation; }

  void Report() override {
    // Who does not wait any more has had it cancelled.
    const Done done = std::exchange(done_, nullptr);
    if (done == nullptr) return;
    done(error_ ? Outcome(*std::move(error_)) : Outcome(TakeResponse()));
  }

 private:
  enum class Step { kPrepare, kSettings, kStatement, kOther, kCleaning, kSync };
  struct Sent {
    Step step;
    int statement = -1;                 // index, for error paths and results
    const std::string* text = nullptr;  // what kPrepare prepared
  };

  bool SendOperation() {
    settings_ = SettingsStatement(session_, prepared_ != nullptr ? 0 : statement_timeout_ms_, IsRead());
    const bool is_held = IsHeld();
    if (is_held && !SendPlain("BEGIN")) return false;
    if (!settings_.text.empty() && !Send(Step::kSettings, -1, settings_.text, settings_.parameters)) return false;
    for (std::size_t i = 0; i < compiled_->statements.size(); ++i) {
      const sql::Statement& statement = compiled_->statements[i];
      if (!Send(Step::kStatement, static_cast<int>(i), statement.text, statement.parameters)) return false;
    }
    // What is deferred runs while the settings are what they were.
    if (!cleaning_.empty() && !IsRead() && !Send(Step::kOther, -1, RunDeferred(), {})) return false;
    return SendCleaning() && (!is_held || SendPlain("COMMIT")) && SendSync();
  }

  bool IsHeld() const { return !cleaning_.empty() && (prepared_ == nullptr || !IsRead()); }

  bool SendCleaning() {
    return std::all_of(cleaning_.begin(), cleaning_.end(), [this](const sql::Statement& each) {
      return Send(Step::kCleaning, -1, each.text, each.parameters);
    });
  }

  // Once more, in a transaction of its own.
  bool CleanAgain() {
    is_unclean_ = false;
    cleans_again_ = true;
    sent_.clear();
    next_ = 0;
    return (!IsHeld() || SendPlain("ROLLBACK")) && SendCleaning() && SendSync();
  }

  bool Send(Step step, int statement, const std::string& text,
            const std::vector<std::optional<std::string>>& parameters) {
    const std::string* name = nullptr;
    if (prepared_ != nullptr) {
      name = prepared_->Find(text);
      if (name != nullptr) {
        if (!retried_) reused_.push_back(text);
      } else {
        std::optional<std::string> evicted;
        name = &prepared_->Add(text, evicted);
        if (evicted && !SendPlain("DEALLOCATE " + *evicted)) return false;
        if (PQsendPrepare(connection_, name->c_str(), text.c_str(), 0, nullptr) != 1) return false;
        sent_.push_back({Step::kPrepare, statement, &text});
      }
    }
    std::array<const char*, 16> few{};
    std::vector<const char*> many;
    const char** values = few.data();
    if (parameters.size() > few.size()) {
      many.resize(parameters.size());
      values = many.data();
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) values[i] = parameters[i] ? parameters[i]->c_str() : nullptr;
    const int count = static_cast<int>(parameters.size());
    const int sent = name != nullptr
                         ? PQsendQueryPrepared(connection_, name->c_str(), count, values, nullptr, nullptr, 0)
                         : PQsendQueryParams(connection_, text.c_str(), count, nullptr, values, nullptr, nullptr, 0);
    sent_.push_back({step, statement});
    return sent == 1;
  }

  bool SendPlain(const std::string& text) {
    sent_.push_back({Step::kOther});
    return PQsendQueryParams(connection_, text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 1;
  }

  bool SendSync() {
    sent_.push_back({Step::kSync});
    return PQpipelineSync(connection_) == 1;
  }

  // What no part of the response refers to (rows that one statement leaves for the next) is dropped at once.
  void Keep(int statement, postgres::Result result) {
    const std::size_t bytes = postgres::ValueSize(result.get());
    largest_result = std::max(largest_result, bytes);
    const bool is_wanted = std::any_of(compiled_->parts.begin(), compiled_->parts.end(),
                                       [statement](const sql::Part& part) { return part.statement == statement; });
    if (!is_wanted || is_too_large_) return;
    kept_bytes_ += bytes;
    is_too_large_ = most_characters_ > 0 && kept_bytes_ > most_characters_ * 4;  // bytes of a character
    if (is_too_large_) {
      results_.clear();
    } else {
      results_[static_cast<std::size_t>(statement)] = std::move(result);
    }
  }

  Progress OnFailure(const Sent& sent, const PGresult* result) {
    if (sent.step == Step::kPrepare) prepared_->Forget(*sent.text);
    if (sent.step == Step::kCleaning) is_unclean_ = true;
    if (error_) return Progress::kMore;  // the first one says why
    const std::string_view sqlstate = postgres::SqlState(result);
    if (!retried_ && !reused_.empty() && postgres::MayBeOutdated(sqlstate)) {
      retry_ = true;
      // The server may have lost all that it held: the pooler has given another connection, for one.
      forgets_all_ =
          sqlstate == sqlstate::kInvalidSqlStatementName || sqlstate == sqlstate::kDuplicatePreparedStatement;
      return Progress::kMore;
    }
    may_be_session_ = sqlstate == sqlstate::kInternalError || sqlstate == sqlstate::kDatatypeMismatch ||
                      sqlstate == sqlstate::kFeatureNotSupported;
    static const sql::Statement kOurs{"", {}, "$"};
    const auto& statement =
        sent.statement >= 0 ? compiled_->statements[static_cast<std::size_t>(sent.statement)] : kOurs;
    if (IsTooLarge(sqlstate, PQresultErrorMessage(result))) {
      error_ = TooLarge("");
      return Progress::kMore;
    }
    error_ = IsRefusal(statement, sqlstate, PQresultErrorMessage(result))
                 ? Error(code::kNotSupported, statement.refusal, statement.refusal_path)
                 : postgres::GraphqlErrorOf(result, statement.error_path);
    return Progress::kMore;
  }

  // Context::Answer refused: its number is in the message, in whatever language that is.
  bool IsTooLarge(std::string_view sqlstate, std::string_view message) const {
    return sqlstate == sqlstate::kStringDataRightTruncation && most_characters_ > 0 &&
           message.find('(' + std::to_string(most_characters_) + ')') != std::string_view::npos;
  }

  Error TooLarge(std::string_view consequence) const {
    return Error(code::kResponseTooLarge, "the response is larger than " + std::to_string(most_characters_) +
                                              " characters (--max-response)" + std::string(consequence));
  }

  // The statement tried to read what it has to say as a number.
  static bool IsRefusal(const sql::Statement& statement, std::string_view sqlstate, std::string_view message) {
    return sqlstate == sqlstate::kInvalidTextRepresentation && !statement.refusal.empty() &&
           message.find(statement.refusal) != std::string::npos;
  }

  // A statement that was prepared before has parameters of the types of then, and functions and types by their numbers:
  // after DDL it fails for ever. Nothing was committed, so the whole operation is prepared and sent again. Where that
  // fails too, functions of users may hold what they prepared: a new session has forgotten it.
  Progress OnSync() {
    if (cleans_again_) {
      ends_session = ends_session || is_unclean_;
      return Progress::kFinished;
    }
    settled_ = !retry_ && !error_;
    if (!retry_) {
      const bool may_help = error_ && may_be_session_ && prepared_ != nullptr && !is_second_session_;
      if (may_help) return Progress::kFailed;
      if (!is_unclean_) return Progress::kFinished;
      return CleanAgain() ? Progress::kMore : Progress::kBroken;
    }
    std::string forget;
    if (forgets_all_) {
      forget = "DEALLOCATE ALL";
      prepared_->Clear();
    }
    std::vector<std::string> names;
    for (const std::string_view text : reused_) {
      if (const std::string* name = prepared_->Find(text)) names.push_back(*name);
      prepared_->Forget(text);
    }
    Rewind();
    retried_ = true;
    if (IsHeld() && !SendPlain("ROLLBACK")) return Progress::kBroken;
    if (!forget.empty() && !SendPlain(forget)) return Progress::kBroken;
    for (const std::string& name : names)
      if (!SendPlain("DEALLOCATE " + name)) return Progress::kBroken;
    return SendOperation() ? Progress::kMore : Progress::kBroken;
  }

  void Rewind() {
    retry_ = false;
    retried_ = false;
    forgets_all_ = false;
    may_be_session_ = false;
    is_unclean_ = false;
    reused_.clear();
    results_.clear();
    results_.resize(compiled_->statements.size());
    kept_bytes_ = 0;
    is_too_large_ = false;
    sent_.clear();
    next_ = 0;
  }

  Outcome TakeResponse() {
    if (is_too_large_) return TooLarge(IsRead() ? "" : "; the mutation was carried out");
    std::size_t size = 0;
    for (const sql::Part& part : compiled_->parts) size += part.text.size() + ColumnText(part).size();
    std::string response;
    response.reserve(size);
    for (const sql::Part& part : compiled_->parts) response.append(part.text).append(ColumnText(part));
    results_.clear();
    return response;
  }

  std::string_view ColumnText(const sql::Part& part) const {
    if (part.statement < 0) return {};
    const auto index = static_cast<std::size_t>(part.statement);
    return postgres::ResponseText(results_[index].get(), part.column, compiled_->statements[index].empty_result);
  }

  const std::shared_ptr<const sql::Compiled> compiled_;
  Session session_;
  const int statement_timeout_ms_;
  std::vector<sql::Statement> cleaning_;
  const std::size_t most_characters_;
  Done done_;
  PGconn* connection_ = nullptr;
  PreparedStatements* prepared_ = nullptr;
  sql::Statement settings_;
  std::vector<Sent> sent_;  // commands in flight; answers come in this order
  std::size_t next_ = 0;
  std::vector<postgres::Result> results_;
  std::size_t kept_bytes_ = 0;  // of results_
  bool is_too_large_ = false;
  std::optional<Error> error_;
  bool settled_ = false;                  // committed, or read
  std::vector<std::string_view> reused_;  // statements that were prepared before; of compiled_ and settings_
  bool retry_ = false;
  bool retried_ = false;
  bool forgets_all_ = false;        // with retry_
  bool may_be_session_ = false;     // with error_
  bool is_unclean_ = false;         // cleaning_ was sent and did not run
  bool cleans_again_ = false;       // it was sent once more
  bool is_second_session_ = false;  // it was started a second time
};

}  // namespace

std::unique_ptr<Exchange> MakePipeline(std::shared_ptr<const sql::Compiled> compiled, Session session,
                                       int statement_timeout_ms, std::size_t most_response_characters, Done done) {
  return std::make_unique<Pipeline>(std::move(compiled), std::move(session), statement_timeout_ms,
                                    most_response_characters, std::move(done));
}

}  // namespace threefactor::execute
