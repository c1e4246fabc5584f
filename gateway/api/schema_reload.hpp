// Reads the catalog again, builds the schema and swaps it, while requests go on with the one they began with.
// One reload at a time; requests for another while it runs share the next. One that fails is repeated, with a growing
// delay, until one works. A catalog that changed while it was read is read again, since some functions of Postgres that
// describe it do not keep to the statement's snapshot.
//
// Healing: an operation that failed as if DDL had made it wrong asks for a schema that is no older than its question.
// First the catalog's version is read; only where that is another one the catalog is read, too.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "api/service.hpp"
#include "execute/executor.hpp"

namespace threefactor::api {

// The statement whose single value is what ParseCatalog takes; to run under schema::kCatalogSearchPath.
sql::Statement CatalogStatement(const std::vector<std::string>& schemas);

class SchemaReload {
 public:
  using Done = std::function<void(std::optional<Error>)>;
  // Called on home with the new schema, before anybody hears that the reload is done: replaces the old one everywhere.
  using Publish = std::function<void(std::shared_ptr<const schema::Schema> schema, std::function<void()> published)>;

  // Lives on `home`, as `executor` does; all outlive it.
  SchemaReload(const Options& options, Loop& home, execute::Executor& executor, Publish publish);
  ~SchemaReload();

  void Request(Loop& asking, Done done);         // any thread; `done` is called on `asking`
  void RequestHealing(Loop& asking, Done done);  // likewise; Service::heal_schema
  void RequestSoon();                            // on home: what comes within some milliseconds is one reload
  // On home: whether to look every 5 s too, as is needed where no signal tells of DDL, nor of CREATE EXTENSION.
  void SetPolling(bool polling);

 private:
  struct Waiter {
    Loop& loop;
    Done done;
  };
  void RequestAfter(std::chrono::milliseconds delay);
  void Add(Waiter waiter);
  void ContinueHealing();
  void OnVersion(const execute::Executor::RowsOutcome& outcome);
  void Run();
  void Read();
  void OnCatalog(const execute::Executor::RowsOutcome& outcome);
  void Finish(const std::optional<Error>& error);
  static void Tell(std::vector<Waiter> waiters, const std::optional<Error>& error);

  const Options& options_;
  Loop& home_;
  execute::Executor& executor_;
  const Publish publish_;
  bool running_ = false;
  Loop::TimerId soon_ = 0;
  std::chrono::milliseconds retry_;  // the delay after the next failure
  Loop::TimerId poll_ = 0;
  std::string latest_;                   // the catalog as it was published last; the same again changes nothing
  std::string version_;                  // of that catalog, or older
  std::vector<Waiter> waiting_;          // for the next run
  std::vector<Waiter> served_;           // by the one that runs
  int reads_ = 0;                        // of the run
  Loop::Clock::time_point started_;      // the run
  Loop::Clock::time_point quiet_until_;  // no run for healing begins before

  std::vector<Waiter> healing_;  // for the next question after the version
  std::vector<Waiter> asking_;   // for the one that is asked
  bool is_asking_ = false;
  Loop::TimerId healing_timer_ = 0;     // pending while healing_ waits for rest_until_
  Loop::Clock::time_point asked_;       // the question
  Loop::Clock::time_point rest_until_;  // no question begins before
};

}  // namespace threefactor::api
