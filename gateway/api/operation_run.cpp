#include "api/operation_run.hpp"

#include <utility>

#include "postgres/error.hpp"

namespace threefactor::api {

bool MayHeal(const Service& service, const Error& error) {
  return service.heal_schema != nullptr && error.code() == code::kValidationFailed && error.path() != "$.query";
}

std::shared_ptr<OperationRun> OperationRun::Start(Service& service, std::shared_ptr<const sql::Compiled> compiled,
                                                  const Identity& identity, Recompile recompile, execute::Done done,
                                                  std::shared_ptr<Trace> trace) {
  std::shared_ptr<OperationRun> run(
      new OperationRun(service, identity, std::move(recompile), std::move(done), std::move(trace)));
  run->Run(std::move(compiled));
  return run;
}

OperationRun::OperationRun(Service& service, const Identity& identity, Recompile recompile, execute::Done done,
                           std::shared_ptr<Trace> trace)
    : service_(service),
      identity_(identity),
      recompile_(std::move(recompile)),
      done_(std::move(done)),
      trace_(std::move(trace)) {}

void OperationRun::Run(std::shared_ptr<const sql::Compiled> compiled) {
  generation_ = service_.schemas.generation();
  const auto role = service_.schemas.Find(identity_);
  if (role == nullptr) {  // it was held a moment ago, when the operation was compiled
    return service_.load_role(identity_.role, [self = shared_from_this(), compiled](const std::optional<Error>& error) {
      if (self->done_ == nullptr) return;
      error ? self->Finish(*error) : self->Run(compiled);
    });
  }
  Session session = SessionFor(identity_, *role, *compiled);
  ticket_ = service_.executor.Run(
      std::move(compiled), std::move(session),
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
    if (self->service_.schemas.generation() == self->generation_) return self->Finish(outcome);
    if (self->service_.schemas.Find(self->identity_) != nullptr) return self->Repeat(outcome);
    self->service_.load_role(self->identity_.role, [self, outcome](const std::optional<Error>& refusal) {
      refusal ? self->Finish(*refusal) : self->Repeat(outcome);
    });
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
