#include "api/websocket_operations.hpp"

#include <optional>
#include <utility>
#include <variant>

#include "api/operation_run.hpp"
#include "base/json.hpp"
#include "live/cohort_key.hpp"
#include "postgres/failure_log.hpp"

namespace threefactor::api {

struct Operations::Operation {
  explicit Operation(transport::BodyBudget& bodies) : share(bodies) {}

  std::string id;
  transport::BodyShare share;  // of the memory for bodies, where the payload is large
  std::string payload;
  Identity identity;
  bool shows_internal = false;                    // of errors: what Postgres said
  std::shared_ptr<const sql::Compiled> compiled;  // of a subscription, while it compiles

  std::shared_ptr<OperationRun> run;                         // a query or mutation that runs
  std::optional<live::Engine::SubscriptionId> subscription;  // a live query
  std::optional<std::string> response;                       // the result of a query or mutation, waiting
  std::optional<live::Update> update;                        // the latest result of a live query, waiting
  std::shared_ptr<const std::string> sent;                   // the last result sent; null after an error
  std::optional<Error> refusal;                              // it was not valid, which waits to be told
  std::shared_ptr<const bool> alive = std::make_shared<const bool>(true);
};

namespace {

constexpr std::size_t kLargePayload = 64 << 10;  // smaller ones are bounded by their number

std::string ResponseBody(std::string_view data) {
  std::string body;
  body.reserve(data.size() + 9);
  return body.append(R"({"data":)").append(data).append("}");
}

std::string_view StringMember(const Json& object, const char* name) {
  const Json* found = object.Find(name);
  return found == nullptr || !found->IsString() ? std::string_view() : found->Text();
}

const Json* ObjectMember(const Json& object, const char* name) {
  const Json* found = object.Find(name);
  if (found == nullptr || !found->IsObject()) return nullptr;
  RefuseRepeated(*found, name);
  return found;
}

// REQUIRES: the protocol session has checked the payload's shape.
std::shared_ptr<const sql::Compiled> CompilePayload(Service& service, const Identity& identity,
                                                    std::string_view payload) {
  const JsonDocument parsed = ParseJson(payload, "the payload");
  const Json& body = parsed.root();
  const cache::Document document = service.documents.Resolve(
      StringMember(body, "query"), StringMember(body, "documentId"), ObjectMember(body, "extensions"));
  const Request request = {document.text, StringMember(body, "operationName"), ObjectMember(body, "variables"),
                           document.owner};
  return Compile(SchemaFor(service, identity), request, service.options.limits, service.operations);
}

}  // namespace

Operations::Operations(Service& service, std::function<void()> result_waiting)
    : service_(service), result_waiting_(std::move(result_waiting)) {}

Operations::~Operations() {
  StopAll();
}

void Operations::Start(const std::string& id, std::string_view payload, const Identity& identity) {
  if (operations_.size() >= static_cast<std::size_t>(service_.options.operations_per_connection))
    throw Error(code::kBusy, "too many operations are active on this connection");
  auto made = std::make_unique<Operation>(service_.bodies);
  if (payload.size() > kLargePayload && !made->share.GrowTo(payload.size()))
    throw Error(code::kBusy, std::string(transport::kNoRoomForBody));
  bool is_held = service_.schemas.Find(identity) != nullptr;
  std::shared_ptr<const sql::Compiled> compiled;
  try {
    if (is_held) compiled = CompilePayload(service_, identity, payload);
  } catch (const Error& error) {
    is_held = service_.schemas.Find(identity) != nullptr;
    if (is_held && (payload.size() > kLargePayload || !MayHeal(service_, error))) throw;
  }
  auto& operation = *operations_.insert_or_assign(id, std::move(made)).first->second;
  operation.id = id;
  operation.identity = identity;
  operation.shows_internal = ShowsInternal(identity, service_.options);
  if (!is_held) return Load(operation, payload);
  if (compiled == nullptr) return Heal(operation, payload);
  Run(operation, payload, compiled);
}

void Operations::Run(Operation& operation, std::string_view payload,
                     const std::shared_ptr<const sql::Compiled>& compiled) {
  if (compiled->kind != sql::Compiled::Kind::kSubscription) return RunOnce(operation, payload, compiled);
  operation.payload = payload;
  RunLive(operation, compiled);
}

// Validates once more, under a schema that is no older than the request.
void Operations::Heal(Operation& operation, std::string_view payload) {
  service_.heal_schema([this, &operation, alive = std::weak_ptr<const bool>(operation.alive),
                        payload = std::string(payload)](const std::optional<Error>&) {
    if (alive.expired()) return;
    service_.schemas.Find(operation.identity) == nullptr ? Load(operation, payload) : CompileAndRun(operation, payload);
  });
}

// Of a role that has not asked for some time.
void Operations::Load(Operation& operation, std::string_view payload) {
  service_.load_role(operation.identity.role, [this, &operation, alive = std::weak_ptr<const bool>(operation.alive),
                                               payload = std::string(payload)](const std::optional<Error>& error) {
    if (alive.expired()) return;
    if (!error) return CompileAndRun(operation, payload);
    operation.refusal = *error;
    Wait(operation);
  });
}

void Operations::CompileAndRun(Operation& operation, const std::string& payload) {
  try {
    Run(operation, payload, CompilePayload(service_, operation.identity, payload));
  } catch (const Error& error) {
    operation.refusal = error;
    Wait(operation);
  }
}

void Operations::RunOnce(Operation& operation, std::string_view payload,
                         const std::shared_ptr<const sql::Compiled>& compiled) {
  const auto recompile = [&service = service_, identity = operation.identity, payload = std::string(payload)] {
    return CompilePayload(service, identity, payload);
  };
  // Cancel keeps the callback from being called after the operation has gone.
  operation.run = OperationRun::Start(service_, compiled, operation.identity, recompile,
                                      [this, &operation, name = compiled->operation_name](execute::Outcome outcome) {
                                        operation.run.reset();
                                        const Error* error = std::get_if<Error>(&outcome);
                                        if (error != nullptr) LogFailure(*error, operation.id, name);
                                        operation.response = error != nullptr
                                                                 ? ToResponseBody(*error, operation.shows_internal)
                                                                 : ResponseBody(std::get<std::string>(outcome));
                                        waiting_bytes_ += operation.response->size();
                                        Wait(operation);
                                      });
}

void Operations::RunLive(Operation& operation, std::shared_ptr<const sql::Compiled> compiled) {
  const auto role = service_.schemas.Find(operation.identity);
  if (role == nullptr) return LoadAndRecompile(operation);
  Session session = SessionFor(operation.identity, *role, *compiled);
  operation.compiled = compiled;
  operation.subscription = service_.live.Subscribe(std::move(compiled), std::move(session), service_.loop,
                                                   [this, &operation](const live::Update& update) {
                                                     const bool waits = operation.update.has_value();
                                                     operation.update = update;
                                                     if (!waits) Wait(operation);
                                                   });
}

void Operations::Wait(Operation& operation) {
  waiting_.push_back(operation.id);
  result_waiting_();  // may end the connection, and `this` with it
}

bool Operations::SendNext(transport::ProtocolSession& session) {
  while (!waiting_.empty()) {
    const std::string id = std::move(waiting_.front());
    waiting_.pop_front();
    const auto found = operations_.find(id);
    if (found == operations_.end()) continue;
    Operation& operation = *found->second;

    if (operation.refusal) {
      const Error error = *std::move(operation.refusal);
      operations_.erase(found);
      session.Fail(id, error);
      return true;
    }
    if (operation.response) {
      const std::string body = std::move(*operation.response);
      Release(operation);
      operations_.erase(found);
      session.Next(id, body);
      session.Complete(id);
      return true;
    }
    if (operation.update) {
      const live::Update update = *std::exchange(operation.update, std::nullopt);
      if (update.error) {
        operation.sent.reset();
        session.Next(id, ToResponseBody(*update.error, operation.shows_internal));
        return true;
      }
      // What came and went while the socket was full is no change for this client.
      if (operation.sent && (operation.sent == update.data || *operation.sent == *update.data)) continue;
      operation.sent = update.data;
      session.Next(id, ResponseBody(*update.data));
      return true;
    }
  }
  return false;
}

void Operations::Release(Operation& operation) {
  if (operation.run) operation.run->Cancel();
  if (operation.subscription) service_.live.Unsubscribe(*operation.subscription);
  if (operation.response) waiting_bytes_ -= operation.response->size();
  operation.run.reset();
  operation.subscription.reset();
  operation.response.reset();
}

void Operations::Stop(const std::string& id) {
  const auto found = operations_.find(id);
  if (found == operations_.end()) return;
  Release(*found->second);
  operations_.erase(found);
}

void Operations::StopAll() {
  for (const auto& [id, operation] : operations_) Release(*operation);
  operations_.clear();
  waiting_.clear();
}

void Operations::Recompile() {
  for (const auto& [id, operation] : operations_) {
    if (operation->payload.empty()) continue;  // not a subscription
    if (service_.schemas.Find(operation->identity) != nullptr) {
      Recompile(*operation);
    } else {
      LoadAndRecompile(*operation);
    }
  }
  if (!waiting_.empty()) result_waiting_();
}

void Operations::LoadAndRecompile(Operation& operation) {
  service_.load_role(operation.identity.role, [this, &operation, alive = std::weak_ptr<const bool>(operation.alive)](
                                                  const std::optional<Error>& error) {
    if (alive.expired()) return;
    if (error) {
      Interrupt(operation, *error);
    } else {
      Recompile(operation);
    }
    if (!waiting_.empty()) result_waiting_();
  });
}

void Operations::Recompile(Operation& operation) {
  try {
    const auto compiled = CompilePayload(service_, operation.identity, operation.payload);
    if (operation.compiled && live::SameStatement(*compiled, *operation.compiled) &&
        compiled->reads == operation.compiled->reads && compiled->residue == operation.compiled->residue)
      return;
    if (operation.subscription) service_.live.Unsubscribe(*operation.subscription);
    RunLive(operation, compiled);
  } catch (const Error& error) {
    Interrupt(operation, error);
  }
}

// It goes on when a later schema allows it.
void Operations::Interrupt(Operation& operation, const Error& error) {
  if (operation.subscription) service_.live.Unsubscribe(*operation.subscription);
  operation.subscription.reset();
  operation.compiled.reset();
  const bool waits = operation.update.has_value();
  operation.update = live::Update{nullptr, std::make_shared<const Error>(error)};
  if (!waits) waiting_.push_back(operation.id);
}

}  // namespace threefactor::api
