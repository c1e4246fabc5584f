// Keeps the schemas that are served those of the database, while requests go on with the one that they began with.
//
// A reload reads the catalog, and what administrators and each role that is held may do. A role for which that has
// changed is held no longer: its schema is made when it asks again, as that of a role that asks for the first time, so
// that no DDL keeps the loop busy for as long as there are roles. One run at a time; requests for another while it runs
// share the next. One that fails is repeated, with a growing delay, until one works. A catalog that changed while it
// was read is read again, since some functions of Postgres that describe it do not keep to the statement's snapshot.
//
// Healing: an operation that failed as if DDL had made it wrong asks for a schema that is no older than its question.
// First the catalog's version is read; only where that is another one the catalog is read, too.
//
// Polling: no signal tells of roles, which belong to the cluster; where there are no signals, of nothing.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "api/first_catalog.hpp"
#include "api/service.hpp"
#include "execute/executor.hpp"

namespace threefactor::api {

// The statements whose single values are what ParseCatalog and WithPrivileges take; to run under
// schema::kCatalogSearchPath. `role`: of the database; empty: what the gateway logs in as.
sql::Statement CatalogStatement(const std::vector<std::string>& schemas);
sql::Statement PrivilegesStatement(const std::string& role);

class SchemaReload {
 public:
  using Done = std::function<void(std::optional<Error>)>;
  // Called on home with schemas that are others than before, before anybody hears that the reload is done: replaces the
  // old ones everywhere.
  using Publish =
      std::function<void(std::shared_ptr<const SchemaStore::Snapshot> fresh, std::function<void()> published)>;

  // Lives on `home`, as `executor` does; all outlive it. Sets `schemas` to what administrators see of `first`.
  SchemaReload(const Options& options, Loop& home, execute::Executor& executor, SchemaStore& schemas,
               const FirstCatalog& first, Publish publish);
  ~SchemaReload();

  void Request(Loop& asking, Done done);                            // any thread; `done` is called on `asking`
  void RequestHealing(Loop& asking, Done done);                     // likewise; Service::heal_schema
  void LoadRole(Loop& asking, const std::string& role, Done done);  // likewise; Service::load_role
  void RequestSoon();                    // on home: what comes within some milliseconds is one reload
  void SetSignalled(bool is_signalled);  // on home: whether signals tell of DDL, and of CREATE EXTENSION

 private:
  using Rows = std::vector<execute::Executor::Rows>;
  struct Waiter {
    Loop& loop;
    Done done;
  };
  // What a run has read of one role.
  struct Answer {
    std::optional<Error> refusal;
    std::shared_ptr<const ServedRole> role;  // null where it is refused, or its schema is not made
  };
  enum class Make { kAll, kKnown };  // which schemas of roles

  void RequestAfter(std::chrono::milliseconds delay);
  void Add(Waiter waiter);
  void ContinueHealing();
  void OnVersion(const execute::Executor::RowsOutcome& outcome);
  void PollLater();
  void Poll();
  void OnPolled(const execute::Executor::RowsOutcome& outcome);
  void RunNext();
  void Run();
  void Read();
  void OnCatalog(const execute::Executor::RowsOutcome& outcome);
  void RunRoles();
  void OnRoles(const execute::Executor::RowsOutcome& outcome);
  void AddRoleStatements(std::vector<sql::Statement>& statements) const;
  std::map<std::string, Answer> ReadRoles(const Rows& results, std::size_t first, Make make);
  std::shared_ptr<const ServedRole> MakeRole(std::string database_role, std::string statement_timeout,
                                             const std::string& privileges, const std::string& permissions, Make make);
  void TellRoles(const std::map<std::string, Answer>& answers);
  void Finish(const std::optional<Error>& error);
  static void Tell(std::vector<Waiter> waiters, const std::optional<Error>& error);

  const Options& options_;
  Loop& home_;
  execute::Executor& executor_;
  SchemaStore& schemas_;
  const Publish publish_;
  bool running_ = false;
  Loop::TimerId soon_ = 0;
  std::chrono::milliseconds retry_;                 // the delay after the next failure
  std::shared_ptr<const schema::Catalog> catalog_;  // of who may do everything, as it was read last
  std::string catalog_text_;                        // its digest
  // By the digests of what roles may do: who may do the same is served the same schema.
  std::map<std::string, std::weak_ptr<const schema::Schema>> by_privileges_;
  std::string version_;                  // of that catalog, or older
  std::vector<Waiter> waiting_;          // for the next run
  std::vector<Waiter> served_;           // by the one that runs
  std::vector<std::string> names_;       // of the roles that are read by the one that runs
  int reads_ = 0;                        // of the run
  Loop::Clock::time_point started_;      // the run
  Loop::Clock::time_point quiet_until_;  // no run for healing begins before

  std::map<std::string, std::vector<Waiter>> loading_;      // roles that wait to be read
  std::map<std::string, Loop::Clock::time_point> refused_;  // roles, and until when that holds without another look

  std::set<std::string> lost_;  // roles that were held and are refused now: subscriptions may wait for them

  bool is_signalled_ = false;
  bool is_polling_ = false;    // the question is asked
  Loop::TimerId poll_ = 0;     // for the next
  std::string roles_version_;  // as it was seen last; empty: never

  std::vector<Waiter> healing_;  // for the next question after the version
  std::vector<Waiter> asking_;   // for the one that is asked
  bool is_asking_ = false;
  Loop::TimerId healing_timer_ = 0;     // pending while healing_ waits for rest_until_
  Loop::Clock::time_point asked_;       // the question
  Loop::Clock::time_point rest_until_;  // no question begins before
};

}  // namespace threefactor::api
