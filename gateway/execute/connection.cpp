#include "execute/connection.hpp"

#include <spdlog/spdlog.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>

#include "execute/failure_log.hpp"

namespace threefactor::execute {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstDelay(50);
constexpr milliseconds kLongestDelay(2000);
constexpr milliseconds kConnectLimit(10000);
constexpr std::size_t kPreparedLimit = 256;  // per connection; a plan takes 10-100 kB of the backend's memory

// Not more often is a session given up for an operation that failed in it.
constexpr milliseconds kRepeatInterval(1000);

// libpq keeps its buffer, which grows to hold the longest value, for as long as the connection lives.
constexpr std::size_t kLargestKept = 4 << 20;

std::string MessageOf(const PGconn* postgres) {
  std::string message = PQerrorMessage(postgres);
  while (!message.empty() && message.back() == '\n') message.pop_back();
  return message;
}

}  // namespace

Connection::Connection(Loop& loop, const ExecutorOptions& options, Owner& owner)
    : loop_(loop),
      options_(options),
      owner_(owner),
      prepared_(kPreparedLimit),
      delay_(kFirstDelay),
      random_(std::random_device()()),
      resolver_(loop) {}

Connection::~Connection() {
  loop_.Cancel(timer_);
  Forget();
}

void Connection::Open() {
  state_ = State::kResolving;
  timer_ = loop_.After(kConnectLimit, [this] { Lose("the database did not answer in time"); });
  resolver_.Resolve(options_.database_url, [this, attempt = ++attempt_](const Addresses& addresses) {
    if (attempt == attempt_ && state_ == State::kResolving) Connect(addresses);
  });
}

void Connection::Connect(const Addresses& addresses) {
  if (!addresses.failure.empty()) return Lose(addresses.failure);
  // What precedes dbname gives defaults to the URL's own settings; what follows overrides them.
  const std::array keywords = {"keepalives_idle",
                               "keepalives_interval",
                               "keepalives_count",
                               "fallback_application_name",
                               "dbname",
                               "client_encoding",
                               "host",
                               "hostaddr",
                               "port",
                               static_cast<const char*>(nullptr)};
  const std::array values = {"30",
                             "10",
                             "3",
                             "threefactor-gateway",
                             options_.database_url.c_str(),
                             "UTF8",
                             addresses.host.c_str(),
                             addresses.hostaddr.c_str(),
                             addresses.port.c_str(),
                             static_cast<const char*>(nullptr)};
  postgres_.reset(PQconnectStartParams(keywords.data(), values.data(), 1));
  if (postgres_ == nullptr) return Lose("out of memory");
  if (PQstatus(postgres_.get()) == CONNECTION_BAD) return Lose(MessageOf(postgres_.get()));
  DropNotices(postgres_.get());
  state_ = State::kConnecting;
  Watch(EPOLLOUT);
}

void Connection::Poll() {
  // PQconnectPoll may close its socket and open another (next host, SSL refused), perhaps with the same number.
  Forget();
  switch (PQconnectPoll(postgres_.get())) {
    case PGRES_POLLING_READING:
      return Watch(EPOLLIN);
    case PGRES_POLLING_WRITING:
      return Watch(EPOLLOUT);
    case PGRES_POLLING_OK:
      loop_.Cancel(timer_);
      PQsetnonblocking(postgres_.get(), 1);
      Watch(EPOLLIN);
      return PrepareSession();
    default:
      return Lose(MessageOf(postgres_.get()));
  }
}

// With PgBouncer a setting would stay on a server connection that others use: there it is made per transaction.
void Connection::PrepareSession() {
  state_ = State::kPreparing;
  if (!options_.prepared) {
    state_ = State::kUp;
    is_renewing_ = false;
    delay_ = kFirstDelay;
    return owner_.OnIdle(*this);
  }
  sql::Statement settings;
  settings.text = "SET hasura.\"user\" = '" + std::string(kAdministratorVariables) + '\'';
  if (options_.statement_timeout_ms > 0)
    settings.text += "; SET statement_timeout = " + std::to_string(options_.statement_timeout_ms);
  exchange_ = MakeScript({std::move(settings)}, {}, [this](const Executor::RowsOutcome& outcome) {
    const Error* error = std::get_if<Error>(&outcome);
    session_failure_ = error == nullptr ? "" : "the settings of a session: " + FailureKind(*error);
  });
  Launch();
}

void Connection::Run(std::unique_ptr<Exchange> exchange) {
  exchange_ = std::move(exchange);
  Finish(exchange_->trace.get(), Trace::Stage::kConnection);
  Launch();
}

void Connection::Launch() {
  if (exchange_->Start(postgres_.get(), options_.prepared ? &prepared_ : nullptr)) return Flush();
  // Later: the caller of Run does not expect to hear of the outcome before it returns.
  timer_ = loop_.After(milliseconds(0), [this] { Lose(MessageOf(postgres_.get())); });
}

CancelHandle Connection::MakeCancelHandle() const {
  return CancelHandle(PQgetCancel(postgres_.get()));
}

void Connection::OnReady(std::uint32_t events) {
  if (state_ == State::kConnecting) return Poll();
  if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
    const bool alive = PQconsumeInput(postgres_.get()) == 1;
    if (!alive && PQstatus(postgres_.get()) != CONNECTION_BAD) return Lose(MessageOf(postgres_.get()));
    ReadResults();
    if (state_ == State::kWaiting || state_ == State::kResolving) return;
    if (!alive || PQstatus(postgres_.get()) == CONNECTION_BAD) return Lose(MessageOf(postgres_.get()));
  }
  Flush();
}

void Connection::ReadResults() {
  PGconn* postgres = postgres_.get();
  if (exchange_ == nullptr) {
    PQisBusy(postgres);  // takes in notices and parameter changes; an ending server closes the socket too
    return;
  }
  while (exchange_ != nullptr && PQisBusy(postgres) == 0) {
    switch (exchange_->OnResult(Result(PQgetResult(postgres)))) {
      case Exchange::Progress::kMore:
        if (PQstatus(postgres) == CONNECTION_BAD) return;
        continue;
      case Exchange::Progress::kBroken:
        return Lose(MessageOf(postgres));
      case Exchange::Progress::kFailed:
        if (RepeatInNewSession()) return;
        [[fallthrough]];
      case Exchange::Progress::kFinished: {
        const std::unique_ptr<Exchange> finished = std::move(exchange_);
        Finish(finished->trace.get(), Trace::Stage::kDatabase);
        if (state_ == State::kPreparing) {
          finished->Report();
          if (!session_failure_.empty()) return Lose(session_failure_);
          state_ = State::kUp;
          is_renewing_ = false;
          delay_ = kFirstDelay;
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

void Connection::Flush() {
  const int left = PQflush(postgres_.get());
  if (left < 0) {
    // The reason, an error message of the server perhaps, is still to be read; the socket reports its end there.
    if (wants_write_) Watch(EPOLLIN);
    return;
  }
  if ((left == 1) != wants_write_) Watch(left == 1 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

void Connection::Watch(std::uint32_t events) {
  wants_write_ = state_ != State::kConnecting && (events & EPOLLOUT) != 0;
  if (watched_ >= 0) return loop_.Change(watched_, events);
  watched_ = PQsocket(postgres_.get());
  loop_.Watch(watched_, events, [this](std::uint32_t happened) { OnReady(happened); });
}

void Connection::Forget() {
  if (watched_ >= 0) loop_.Forget(watched_);
  watched_ = -1;
}

void Connection::Disconnect() {
  loop_.Cancel(timer_);
  Forget();
  state_ = State::kWaiting;
  is_renewing_ = false;
  wants_write_ = false;
  prepared_.Clear();
  postgres_.reset();
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
  if (lost != nullptr) lost->OnLost(why.c_str());
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
