#include "live/listener.hpp"

#include <spdlog/spdlog.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "postgres/async_connection.hpp"
#include "postgres/failure_log.hpp"
#include "postgres/result.hpp"

namespace threefactor::live {

namespace {

using namespace std::chrono_literals;
// Under writes the changes are read hundreds of times a second.
constexpr auto kListen =
    "LISTEN threefactor; PREPARE changes (pg_catalog.text, bigint) AS "
    "SELECT sequence, relation, kind FROM threefactor.changes(epoch => $1, after => $2)";
constexpr auto kSweepInterval = 5s;
constexpr auto kFirstDelay = 200ms;
constexpr auto kLongestDelay = 2000ms;

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

struct Listener::Impl final : private postgres::AsyncConnection::Owner {
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
  ~Impl() override { Disconnect(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void Connect() {
    state = State::kConnecting;
    connection.Open();
  }

  void OnConnected() override { Send(State::kListening, PQsendQuery(connection.get(), kListen)); }
  void OnConnectFailed(const std::string& why) override { Lose("cannot connect: " + why); }

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
    if (!connection.Flush()) Lose("connection lost");
  }

  void OnReady(std::uint32_t /*events*/) override {
    if (PQconsumeInput(connection.get()) == 0) return Lose("connection lost");
    HearDoorbells();
    while (state != State::kWatching && PQisBusy(connection.get()) == 0) {
      postgres::Result result(PQgetResult(connection.get()));
      if (!result) {  // the command is done
        OnDone();
        if (!connection.IsConnected()) return;
        continue;
      }
      const ExecStatusType status = PQresultStatus(result.get());
      if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        const std::string_view sqlstate = postgres::SqlState(result.get());
        return Lose(sqlstate.empty() ? "connection lost" : "query failed, " + FailureKind(sqlstate));
      }
      answer = std::move(result);
    }
    HearDoorbells();  // those that stood behind an answer
    if (PQstatus(connection.get()) == CONNECTION_BAD) return Lose("connection lost");
    if (state == State::kWatching && rung) return ReadOn();
    Flush();
  }

  void HearDoorbells() {
    while (const auto notice = postgres::NotificationHandle(PQnotifies(connection.get())))
      rung = cursor.Ring(notice->extra) || rung;
  }

  void OnDone() {
    const postgres::Result result = std::exchange(answer, nullptr);
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

  // `failure` holds nothing that libpq says of a session that was open, which may repeat errors of statements.
  void Lose(std::string failure) {
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
    answer.reset();
    connection.Close();
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

  postgres::AsyncConnection connection{loop, database_url, "threefactor-gateway listener", *this};
  State state = State::kDown;
  postgres::Result answer;  // of the command under way
  Cursor cursor;
  bool rung = false;      // a doorbell beyond the cursor
  bool watching = false;  // what the owner was told
  std::string reported;   // the failure in the log, told once
  std::chrono::milliseconds delay = kFirstDelay;
  std::optional<Loop::TimerId> timer;
};

Listener::Listener(Loop& loop, std::string database_url, std::function<void(bool)> on_watching,
                   std::function<void(const Signal&)> on_signal)
    : impl_(std::make_unique<Impl>(loop, std::move(database_url), std::move(on_watching), std::move(on_signal))) {}

Listener::~Listener() = default;

}  // namespace threefactor::live
