// Reads the catalog again, builds the schema and swaps it, while requests go on with the one they began with.
// One reload at a time; requests for another while it runs share the next.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "execute/executor.hpp"
#include "live/engine.hpp"
#include "transport/service.hpp"

namespace threefactor::transport {

// The statement whose single value ParseCatalog takes.
sql::Statement CatalogStatement(const std::vector<std::string>& schemas);

class SchemaReload {
 public:
  using Done = std::function<void(std::optional<Error>)>;

  // Lives on `home`, as `executor` does; all outlive it.
  SchemaReload(const Options& options, Loop& home, execute::Executor& executor, SchemaStore& schemas);
  ~SchemaReload();
  void SetEngine(live::Engine& engine) { engine_ = &engine; }

  void Request(Loop& asking, Done done);  // any thread; `done` is called on `asking`
  void RequestSoon();                     // on home: what comes within some milliseconds is one reload

 private:
  struct Waiter {
    Loop& loop;
    Done done;
  };
  void Add(Waiter waiter);
  void Run();
  void OnCatalog(const execute::Executor::RowsOutcome& outcome);
  std::optional<Error> Swap(const execute::Executor::RowsOutcome& outcome);

  const Options& options_;
  Loop& home_;
  execute::Executor& executor_;
  SchemaStore& schemas_;
  live::Engine* engine_ = nullptr;
  bool running_ = false;
  Loop::TimerId soon_ = 0;
  std::vector<Waiter> waiting_;  // for the next run
  std::vector<Waiter> served_;   // by the one that runs
};

}  // namespace threefactor::transport
