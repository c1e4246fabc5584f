// One query or mutation, from its compiled form to its outcome. Where DDL has made the statements wrong before the
// gateway has read the catalog again, that is done now, and the operation is compiled and run a second time: a request
// that comes right after a migration has committed is answered by the schema that the migration made. Lives on the
// service's loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "api/service.hpp"

namespace threefactor::api {

// Whether the error of an operation that was not run may come from a schema that DDL has made old: such an operation
// is worth another look after Service::heal_schema. Not those of syntax.
bool MayHeal(const Service& service, const Error& error);

class OperationRun : public std::enable_shared_from_this<OperationRun> {
 public:
  // Compiles the same request under the schema of now; throws Error. Null: the operation is not repeated.
  using Recompile = std::function<std::shared_ptr<const sql::Compiled>()>;

  // Calls `done` once, later, unless cancelled.
  static std::shared_ptr<OperationRun> Start(Service& service, std::shared_ptr<const sql::Compiled> compiled,
                                             const Identity& identity, Recompile recompile, execute::Done done,
                                             std::shared_ptr<Trace> trace = nullptr);
  void Cancel();

 private:
  OperationRun(Service& service, const Identity& identity, Recompile recompile, execute::Done done,
               std::shared_ptr<Trace> trace);
  void Run(std::shared_ptr<const sql::Compiled> compiled);
  void OnOutcome(execute::Outcome outcome);
  void Repeat(execute::Outcome outcome);
  void Finish(execute::Outcome outcome);

  Service& service_;
  const Identity identity_;
  Recompile recompile_;
  execute::Done done_;  // null: told, or cancelled
  const std::shared_ptr<Trace> trace_;
  std::uint64_t generation_ = 0;  // of the schemas that it was compiled under
  std::optional<execute::Executor::Ticket> ticket_;
  bool is_repeated_ = false;
};

}  // namespace threefactor::api
