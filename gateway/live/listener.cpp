#include "live/listener.hpp"

#include <libpq-fe.h>
#include <spdlog/spdlog.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

#include "execute/failure_log.hpp"
#include "execute/resolver.hpp"

namespace threefactor::live {

namespace {

using namespace std::chrono_literals;
// Under writes the changes are read hundreds of times a second.
constexpr auto kListen =
    "LISTEN threefactor; PREPARE changes (pg_catalog.text, bigint) AS "
    "SELECT sequence, relation, kind FROM threefactor.changes(epoch => $1, after => $2)";
constexpr auto kSweepInterval = 5s;
constexpr auto kConnectLimit = 10s;
constexpr auto kFirstDelay = 200ms;
constexpr auto kLongestDelay = 2000ms;

struct FreeConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
struct FreeNotice {
  void operator()(PGnotify* notice) const { PQfreemem(notice); }
};
using Result = std::unique_ptr<PGresult, FreeResult>;

// libpq's messages end in a newline, and may have several lines.
std::string OneLine(const char* message) {
  std::string line(message);
  while (!line.empty() && line.back() == '\n') line.pop_back();
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::erase(line, '\t');
  return line;
}

std::vector<Change> ReadChanges(const PGresult* result) {
  std::vector<Change> changes;
  for (int row = 0; row < PQntuples(result); ++row) {
    Change change;
    change.sequence = std::strtoll(PQgetvalue(result, row, 0), nullptr, 10);
    if (PQgetisnull(result, row, 1) == 0)
      change.relation = static_cast<schema::Oid>(std::strtoul(PQgetvalue(result, row, 1), nullptr, 10));
    change.kind = PQgetvalue(result, row, 2);
    changes.push_back(change);
  }
  return changes;
}

}  // namespace

struct Listener::Impl {
  enum class State {
    kDown,         // waits to reconnect
    kConnecting,   //
    kListening,    // LISTEN is sent
    kRegistering,  // watch() is sent
    kWatching,     // idle
    kReading,      // changes() is sent
  };

  Impl(Loop& its_loop, std::string url, std::function<void(bool)> tell_watching,
       std::function<void(const Signal&)> tell_signal)
      : loop(its_loop),
        database_url(std::move(url)),
        on_watching(std::move(tell_watching)),
        on_signal(std::move(tell_signal)) {
    // The owner is still being built: nothing is called back before the loop's next turn.
    SetTimer(0ms, [this] { Connect(); });
  }

  ~Impl() { Disconnect(); }

  void Connect() {
    state = State::kConnecting;
    SetTimer(kConnectLimit, [this] { Lose("connecting takes too long"); });
    resolver.Resolve(database_url, [this, mine = ++attempt](const execute::Addresses& addresses) {
      if (mine == attempt && state == State::kConnecting && !connection) Connect(addresses);
    });
  }

  void Connect(const execute::Addresses& addresses) {
    if (!addresses.failure.empty()) return Lose(addresses.failure.c_str());
    // What follows dbname overrides it.
    const std::array<const char*, 6> keywords{"dbname", "fallback_application_name", "host", "hostaddr", "port",
                                              nullptr};
    const std::array<const char*, 6> values{database_url.c_str(),   "threefactor-gateway listener",
                                            addresses.host.c_str(), addresses.hostaddr.c_str(),
                                            addresses.port.c_str(), nullptr};
    connection.reset(PQconnectStartParams(keywords.data(), values.data(), 1));
    if (!connection || PQstatus(connection.get()) == CONNECTION_BAD) return Lose("cannot connect");
    DropNotices(connection.get());
    Watch(EPOLLOUT);
  }

  // While connecting libpq may replace its socket, even by one of the same number: registered anew at each step.
  void Watch(std::uint32_t events) {
    if (watched >= 0) loop.Forget(watched);
    watched = PQsocket(connection.get());
    loop.Watch(watched, events, [this](std::uint32_t) { state == State::kConnecting ? OnConnecting() : OnReady(); });
  }

  void OnConnecting() {
    switch (PQconnectPoll(connection.get())) {
      case PGRES_POLLING_READING:
        return Watch(EPOLLIN);
      case PGRES_POLLING_WRITING:
        return Watch(EPOLLOUT);
      case PGRES_POLLING_OK:
        PQsetnonblocking(connection.get(), 1);
        Watch(EPOLLIN);
        return Send(State::kListening, PQsendQuery(connection.get(), kListen));
      default:
        return Lose("cannot connect");
    }
  }

  void Send(State next, int sent) {
    state = next;
    if (sent == 0) return Lose("cannot send");
    SetTimer(kSweepInterval * 2, [this] { Lose("the server does not answer"); });
    Flush();
  }

  void Register() {
    Send(State::kRegistering, PQsendQuery(connection.get(), "SELECT epoch, sequence FROM threefactor.watch()"));
  }

  void ReadOn() {
    rung = false;
    const std::string after = std::to_string(cursor.sequence());
    const std::array<const char*, 2> values{cursor.epoch().c_str(), after.c_str()};
    Send(State::kReading, PQsendQueryPrepared(connection.get(), "changes", 2, values.data(), nullptr, nullptr, 0));
  }

  void Flush() {
    const int left = PQflush(connection.get());
    if (left < 0) return Lose("connection lost");
    loop.Change(watched, left > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
  }

  void OnReady() {
    if (PQconsumeInput(connection.get()) == 0) return Lose("connection lost");
    HearDoorbells();
    while (state != State::kWatching && PQisBusy(connection.get()) == 0) {
      Result result(PQgetResult(connection.get()));
      if (!result) {  // the command is done
        OnDone();
        if (!connection) return;
        continue;
      }
      const ExecStatusType status = PQresultStatus(result.get());
      if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        const char* sqlstate = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
        return Lose(sqlstate == nullptr ? "connection lost" : ("query failed, " + FailureKind(sqlstate)).c_str());
      }
      answer = std::move(result);
    }
    HearDoorbells();  // those that stood behind an answer
    if (PQstatus(connection.get()) == CONNECTION_BAD) return Lose("connection lost");
    if (state == State::kWatching && rung) return ReadOn();
    Flush();
  }

  void HearDoorbells() {
    while (const auto notice = std::unique_ptr<PGnotify, FreeNotice>(PQnotifies(connection.get())))
      rung = cursor.Ring(notice->extra) || rung;
  }

  void OnDone() {
    const Result result = std::exchange(answer, nullptr);
    if (!result) return Lose("connection lost");
    if (state == State::kListening) return Register();
    if (state == State::kRegistering) return OnRegistered(result.get());
    const std::vector<Change> changes = ReadChanges(result.get());
    const Signal signal = cursor.Advance(changes);
    if (signal.everything) return Register();  // what was missed is marked by OnRegistered
    Idle();
    if (signal.schema || !signal.relations.empty()) on_signal(signal);
  }

  void OnRegistered(const PGresult* result) {
    if (PQntuples(result) != 1 || PQnfields(result) != 2) return Lose("threefactor.watch() answers unexpectedly");
    cursor.Reset(PQgetvalue(result, 0, 0), std::strtoll(PQgetvalue(result, 0, 1), nullptr, 10));
    rung = false;
    delay = kFirstDelay;
    reported.clear();
    Idle();
    if (!std::exchange(watching, true)) {
      spdlog::info("live queries: watching for changes");
      on_watching(true);
    }
    on_signal({.relations = {}, .schema = false, .everything = true});
  }

  void Idle() {
    state = State::kWatching;
    SetTimer(kSweepInterval, [this] { ReadOn(); });
  }

  void Lose(const char* what) {
    // Of a session that was open libpq may repeat errors of statements.
    const std::string reason =
        connection && state == State::kConnecting ? OneLine(PQerrorMessage(connection.get())) : "";
    std::string failure = reason.empty() ? std::string(what) : std::string(what) + ": " + reason;
    if (failure != reported) spdlog::warn("live queries: no signals, polling until there are some: {}", failure);
    reported = std::move(failure);
    Disconnect();
    SetTimer(delay, [this] { Connect(); });
    delay = std::min(delay * 2, kLongestDelay);
    if (std::exchange(watching, false)) on_watching(false);
  }

  void Disconnect() {
    if (timer) loop.Cancel(*timer);
    timer.reset();
    if (watched >= 0) loop.Forget(watched);
    watched = -1;
    answer.reset();
    connection.reset();
    state = State::kDown;
  }

  // One timer: what happens if nothing else does.
  void SetTimer(std::chrono::milliseconds after, Loop::Task task) {
    if (timer) loop.Cancel(*timer);
    timer = loop.After(after, [this, task = std::move(task)] {
      timer.reset();
      task();
    });
  }

  Loop& loop;
  const std::string database_url;
  const std::function<void(bool)> on_watching;
  const std::function<void(const Signal&)> on_signal;

  std::unique_ptr<PGconn, FreeConnection> connection;
  State state = State::kDown;
  int watched = -1;  // the connection's socket, as the loop knows it
  Result answer;     // of the command under way
  Cursor cursor;
  bool rung = false;      // a doorbell beyond the cursor
  bool watching = false;  // what the owner was told
  std::string reported;   // the failure in the log, told once
  std::chrono::milliseconds delay = kFirstDelay;
  std::optional<Loop::TimerId> timer;
  std::uint64_t attempt = 0;  // to connect
  execute::Resolver resolver{loop};
};

Listener::Listener(Loop& loop, std::string database_url, std::function<void(bool)> on_watching,
                   std::function<void(const Signal&)> on_signal)
    : impl_(std::make_unique<Impl>(loop, std::move(database_url), std::move(on_watching), std::move(on_signal))) {}

Listener::~Listener() = default;

}  // namespace threefactor::live
