#include "execute/connection.hpp"

#include <spdlog/spdlog.h>
#include <sys/epoll.h>

#include <algorithm>

#include "postgres/failure_log.hpp"
#include "postgres/message.hpp"

namespace threefactor::execute {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstDelay(50);
constexpr milliseconds kLongestDelay(2000);
constexpr std::size_t kPreparedLimit = 256;  // per connection; a plan takes 10-100 kB of the backend's memory

// Not more often is a session given up for an operation that failed in it.
constexpr milliseconds kRepeatInterval(1000);

// libpq keeps its buffer, which grows to hold the longest value, for as long as the connection lives.
constexpr std::size_t kLargestKept = 4 << 20;

}  // namespace

Connection::Connection(Loop& loop, const ExecutorOptions& options, Owner& owner)
    : loop_(loop),
      options_(options),
      owner_(owner),
      postgres_(loop, options.database_url, "threefactor-gateway", *this),
      prepared_(kPreparedLimit),
      delay_(kFirstDelay),
      random_(std::random_device()()) {}

Connection::~Connection() {
  loop_.Cancel(timer_);
}

void Connection::Open() {
  state_ = State::kConnecting;
  postgres_.Open();
}

// With PgBouncer a setting would stay on a server connection that others use: there it is made per transaction.
void Connection::OnConnected() {
  if (!options_.prepared) {
    BecomeUp();
    return owner_.OnIdle(*this);
  }
  state_ = State::kPreparing;
  exchange_ =
      MakeScript({SessionStatement(options_.statement_timeout_ms)}, {}, [this](const Executor::RowsOutcome& outcome) {
        const Error* error = std::get_if<Error>(&outcome);
        session_failure_ = error == nullptr ? "" : "the settings of a session: " + FailureKind(*error);
      });
  Launch();
}

void Connection::BecomeUp() {
  state_ = State::kUp;
  is_renewing_ = false;
  delay_ = kFirstDelay;
}

void Connection::Run(std::unique_ptr<Exchange> exchange) {
  exchange_ = std::move(exchange);
  Finish(exchange_->trace.get(), Trace::Stage::kConnection);
  Launch();
}

void Connection::Launch() {
  if (exchange_->Start(postgres_.get(), options_.prepared ? &prepared_ : nullptr)) {
    postgres_.Flush();  // where it fails, OnReady hears why
    return;
  }
  // Later: the caller of Run does not expect to hear of the outcome before it returns.
  timer_ = loop_.After(milliseconds(0), [this] { Lose(postgres::MessageOf(postgres_.get())); });
}

postgres::CancelHandle Connection::MakeCancelHandle() const {
  return postgres::CancelHandle(PQgetCancel(postgres_.get()));
}

void Connection::OnReady(std::uint32_t events) {
  if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
    const bool is_alive = PQconsumeInput(postgres_.get()) == 1;
    if (!is_alive && PQstatus(postgres_.get()) != CONNECTION_BAD) return Lose(postgres::MessageOf(postgres_.get()));
    ReadResults();
    if (!postgres_.IsConnected()) return;
    if (!is_alive || PQstatus(postgres_.get()) == CONNECTION_BAD) return Lose(postgres::MessageOf(postgres_.get()));
  }
  postgres_.Flush();
}

void Connection::ReadResults() {
  PGconn* postgres = postgres_.get();
  if (exchange_ == nullptr) {
    PQisBusy(postgres);  // takes in notices and parameter changes; an ending server closes the socket too
    return;
  }
  while (exchange_ != nullptr && PQisBusy(postgres) == 0) {
    switch (exchange_->OnResult(postgres::Result(PQgetResult(postgres)))) {
      case Exchange::Progress::kMore:
        if (PQstatus(postgres) == CONNECTION_BAD) return;
        continue;
      case Exchange::Progress::kBroken:
        return Lose(postgres::MessageOf(postgres));
      case Exchange::Progress::kFailed:
        if (RepeatInNewSession()) return;
        [[fallthrough]];
      case Exchange::Progress::kFinished: {
        const std::unique_ptr<Exchange> finished = std::move(exchange_);
        Finish(finished->trace.get(), Trace::Stage::kDatabase);
        if (state_ == State::kPreparing) {
          finished->Report();
          if (!session_failure_.empty()) return Lose(session_failure_);
          BecomeUp();
          if (repeated_ != nullptr) return Run(std::move(repeated_));
        }
        // The server gets its next work before this result is written to its client.
        if (finished->largest_result > kLargestKept || finished->ends_session) {
          Renew();
        } else {
          owner_.OnIdle(*this);
        }
        finished->Report();
        // What OnIdle or the report sent is answered at the next turn at the earliest.
        return;
      }
    }
  }
}

void Connection::Disconnect() {
  loop_.Cancel(timer_);
  postgres_.Close();
  state_ = State::kWaiting;
  is_renewing_ = false;
  prepared_.Clear();
}

// False: another was repeated just now.
bool Connection::RepeatInNewSession() {
  const auto now = Loop::Clock::now();
  if (repeated_at_ != Loop::Clock::time_point() && now - repeated_at_ < kRepeatInterval) return false;
  repeated_at_ = now;
  repeated_ = std::move(exchange_);
  Renew();
  return true;
}

void Connection::Renew() {
  Disconnect();
  is_renewing_ = true;
  Open();
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): a copy, since what it is of may end with the connection
void Connection::Lose(std::string why) {
  std::unique_ptr<Exchange> lost = std::move(exchange_);
  if (lost == nullptr || repeated_ != nullptr) lost = std::move(repeated_);  // instead of the settings of a session
  if (lost != nullptr) lost->OnLost(why);
  // What libpq says of a session that was in use may repeat an error of a statement.
  const bool was_in_use = state_ == State::kUp || (state_ == State::kPreparing && session_failure_.empty());
  const std::string logged = was_in_use ? "lost" : why;
  Disconnect();
  // Jitter, so that many gateways do not come back at the same moment.
  const auto jitter = std::uniform_int_distribution<milliseconds::rep>(delay_.count() / 2, delay_.count())(random_);
  delay_ = std::min(delay_ * 2, kLongestDelay);
  timer_ = loop_.After(milliseconds(jitter), [this] { Open(); });
  owner_.OnDown(*this, why, logged);
  if (lost != nullptr) lost->Report();
}

}  // namespace threefactor::execute
