// Reads the catalog again, builds the schema and swaps it, while requests go on with the one they began with.
// One reload at a time; requests for another while it runs share the next. One that fails is repeated, with a growing
// delay, until one works.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "execute/executor.hpp"
#include "transport/service.hpp"

namespace threefactor::transport {

// Statements of one transaction; the single value of the last is what ParseCatalog takes.
std::vector<sql::Statement> CatalogStatements(const std::vector<std::string>& schemas);

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
  void AddHealing(Waiter waiter);
  void Run();
  void OnCatalog(const execute::Executor::RowsOutcome& outcome);
  void Finish(const std::optional<Error>& error);

  const Options& options_;
  Loop& home_;
  execute::Executor& executor_;
  const Publish publish_;
  bool running_ = false;
  Loop::TimerId soon_ = 0;
  std::chrono::milliseconds retry_;  // the delay after the next failure
  Loop::TimerId poll_ = 0;
  std::string latest_;           // the catalog as it was published last; the same again changes nothing
  std::vector<Waiter> waiting_;  // for the next run
  std::vector<Waiter> healing_;  // until quiet_until_
  Loop::TimerId healing_timer_ = 0;
  Loop::Clock::time_point started_;      // the run
  Loop::Clock::time_point quiet_until_;  // no healing run begins before
  std::vector<Waiter> served_;           // by the one that runs
};

}  // namespace threefactor::transport
