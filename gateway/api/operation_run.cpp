#include "api/operation_run.hpp"

#include <utility>

#include "postgres/error.hpp"

namespace threefactor::api {

bool MayHeal(const Service& service, const Error& error) {
  return service.heal_schema != nullptr && error.code() == code::kValidationFailed && error.path() != "$.query";
}

std::shared_ptr<OperationRun> OperationRun::Start(Service& service, std::shared_ptr<const sql::Compiled> compiled,
                                                  Session session, Recompile recompile, execute::Done done,
                                                  std::shared_ptr<Trace> trace) {
  std::shared_ptr<OperationRun> run(
      new OperationRun(service, std::move(session), std::move(recompile), std::move(done), std::move(trace)));
  run->Run(std::move(compiled));
  return run;
}

OperationRun::OperationRun(Service& service, Session session, Recompile recompile, execute::Done done,
                           std::shared_ptr<Trace> trace)
    : service_(service),
      session_(std::move(session)),
      recompile_(std::move(recompile)),
      done_(std::move(done)),
      trace_(std::move(trace)) {}

void OperationRun::Run(std::shared_ptr<const sql::Compiled> compiled) {
  schema_ = service_.schemas.Get();
  ticket_ = service_.executor.Run(
      std::move(compiled), session_,
      [self = shared_from_this()](execute::Outcome outcome) { self->OnOutcome(std::move(outcome)); }, trace_);
}

void OperationRun::Cancel() {
  done_ = nullptr;
  recompile_ = nullptr;
  if (ticket_) service_.executor.Cancel(*std::exchange(ticket_, std::nullopt));
}

void OperationRun::OnOutcome(execute::Outcome outcome) {
  ticket_.reset();
  const Error* error = std::get_if<Error>(&outcome);
  const bool may_repeat = !is_repeated_ && recompile_ != nullptr && service_.heal_schema != nullptr;
  if (error == nullptr || !may_repeat || !postgres::MayBeOutdated(error->sqlstate())) return Finish(std::move(outcome));
  is_repeated_ = true;
  // Also where the schema has changed meanwhile: it may be one of the middle of a migration. Where nothing has changed
  // the error is the operation's own.
  service_.heal_schema([self = shared_from_this(), outcome = std::move(outcome)](const std::optional<Error>&) {
    if (self->service_.schemas.Get() == self->schema_) return self->Finish(outcome);
    self->Repeat(outcome);
  });
}

void OperationRun::Repeat(execute::Outcome outcome) {
  if (done_ == nullptr) return;
  std::shared_ptr<const sql::Compiled> compiled;
  try {
    compiled = recompile_();
  } catch (const Error& error) {
    outcome = error;
  }
  if (compiled == nullptr) return Finish(std::move(outcome));
  Run(std::move(compiled));
}

void OperationRun::Finish(execute::Outcome outcome) {
  recompile_ = nullptr;
  if (const execute::Done done = std::exchange(done_, nullptr)) done(std::move(outcome));
}

}  // namespace threefactor::api
