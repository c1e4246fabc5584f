// Live queries: change signal -> affected cohorts -> one execution each -> push to every subscriber if the result
// changed. No polling while the database has the extension. Protocol and races: live/README.md.
// Lives on one loop (its home); Subscribe and Unsubscribe are called from any loop's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "execute/executor.hpp"
#include "loop/loop.hpp"
#include "sql/compiled.hpp"

namespace threefactor::live {

// One result or error for a subscriber. The text is shared by all subscribers of the cohort.
struct Update {
  std::shared_ptr<const std::string> data;  // the data object; null when `error` is set
  std::shared_ptr<const Error> error;       // a failed execution; the subscription goes on and heals by itself
};

struct EngineOptions {
  std::string database_url;
  int poll_interval_ms = 1000;  // without the extension only
  int minimum_interval_ms = 0;  // between two executions of one cohort; leading edge: the first change runs at once
  int concurrency = 4;          // executions in flight
};

class Engine {
 public:
  using SubscriptionId = std::uint64_t;
  using Push = std::function<void(const Update&)>;
  // Reads the catalog again because a query failed as if DDL had made it wrong; `done` is called on home: whether it
  // had.
  using Heal = std::function<void(std::function<void(bool has_changed)> done)>;

  // `executor` runs on `home` and outlives the engine. `schema_changed` is called on `home` when DDL was committed, or
  // may have been while nobody watched (after each connect of the listener); never more often than once per signal. The
  // owner reloads the schema and then calls Resync. The destructor is called on `home`, or when it no longer runs; the
  // subscribers' loops must still exist then.
  Engine(Loop& home, execute::Executor& executor, EngineOptions options, std::function<void()> schema_changed,
         Heal heal = nullptr);
  ~Engine();

  void Start(bool has_extension);             // on home: connects the listener
  void ExtensionChanged(bool has_extension);  // on home, after a reload

  // The first update comes as soon as the query has run. `push` is called on `subscriber_loop`'s thread.
  SubscriptionId Subscribe(std::shared_ptr<const sql::Compiled> compiled, Session session, Loop& subscriber_loop,
                           Push push);
  // After it returns on the subscriber's own loop, `push` is not called again.
  void Unsubscribe(SubscriptionId id);
  void Resync();  // on home: runs every cohort again

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace threefactor::live
