#include "api/gateway.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "api/endpoints.hpp"
#include "api/schema_reload.hpp"
#include "api/websocket.hpp"
#include "auth/authenticator.hpp"
#include "auth/http_client.hpp"
#include "auth/key_sets.hpp"

namespace threefactor::api {

namespace {

int ThreadsFor(const Options& options) {
  const int wanted = options.threads > 0 ? options.threads : static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(wanted, 1, std::max(options.pool_size, 1));  // each loop needs a connection
}

execute::ExecutorOptions ExecutorOptionsFor(const Options& options, int index, int threads) {
  execute::ExecutorOptions executor;
  executor.database_url = options.database_url;
  executor.connections = options.pool_size / threads + (index < options.pool_size % threads ? 1 : 0);
  executor.statement_timeout_ms = options.statement_timeout_ms;
  executor.prepared = options.prepared.value_or(true);
  executor.most_response_characters = options.limits.response_characters;
  return executor;
}

live::EngineOptions EngineOptionsFor(const Options& options) {
  live::EngineOptions engine;
  engine.database_url = options.direct_database_url.empty() ? options.database_url : options.direct_database_url;
  engine.poll_interval_ms = options.poll_interval_ms;
  return engine;
}

constexpr std::size_t kProvenBytes = 16 << 20;  // of tokens that were verified, and of what the webhook said

bool ProvesByOtherThanSecrets(const Options& options) {
  return !options.jwt_secrets.empty() || !options.auth_hook.url.empty() || !options.unauthorized_role.empty();
}

bool UsesHttp(const Options& options) {
  return !options.auth_hook.url.empty() || std::any_of(options.jwt_secrets.begin(), options.jwt_secrets.end(),
                                                       [](const auto& issuer) { return !issuer.jwk_url.empty(); });
}

// Whoever misses a field should find here why: what `before` did not have, and of many names that GraphQL cannot
// express the first ones. Values of enum tables are rows, which no log holds.
void LogOmissions(const schema::Schema& schema, const std::vector<schema::Omission>& before) {
  constexpr std::size_t kMost = 20;
  std::size_t inexpressible = 0;
  for (const schema::Omission& each : schema.omissions()) {
    if (std::find(before.begin(), before.end(), each) != before.end()) continue;
    if (!each.is_inconsistent && ++inexpressible > kMost) continue;
    const std::string field =
        each.field.empty() || each.type == "enum_value" ? "" : fmt::format(", \"{}\"", each.field);
    const std::string remedy = each.remedy.empty() ? "" : fmt::format(" ({})", each.remedy);
    spdlog::warn("not served: {} \"{}\".\"{}\"{}: {}{}", each.type, each.schema, each.name, field, each.reason, remedy);
  }
  if (inexpressible > kMost)
    spdlog::warn("not served: {} more whose names GraphQL cannot express; get_inconsistent_metadata lists all",
                 inexpressible - kMost);
}

void ForgetOldSchemas(Service& service) {
  const auto now = service.schemas.Now();
  service.operations.KeepOnly([&](const schema::Schema& schema) {
    return now->admin->schema.get() == &schema ||
           std::any_of(now->roles.begin(), now->roles.end(), [&](const auto& role) {
             return role.second->schema.get() == &schema || role.second->backend_schema.get() == &schema;
           });
  });
}

// In the order of construction: what is declared later uses what is declared earlier.
struct Worker {
  Loop loop;
  execute::Executor executor;
  std::unique_ptr<auth::Authenticator> authenticator;
  std::unique_ptr<Service> service;
  std::unique_ptr<transport::HttpServer> server;
  std::thread thread;

  explicit Worker(execute::ExecutorOptions options) : executor(loop, std::move(options)) {}
};

}  // namespace

struct Gateway::Impl {
  const Options& options;
  const transport::ListenSocket& socket;
  const bool can_listen;
  SchemaStore schemas;
  transport::BodyBudget bodies;
  cache::Documents documents;
  auth::HttpClient http;
  auth::KeySets keys;
  std::vector<std::unique_ptr<Worker>> workers;
  std::unique_ptr<SchemaReload> reload;
  std::unique_ptr<live::Engine> engine;
  std::atomic<std::size_t> draining = 0;

  Impl(const Options& its_options, const transport::ListenSocket& its_socket, const FirstCatalog& first,
       bool its_can_listen)
      : options(its_options),
        socket(its_socket),
        can_listen(its_can_listen),
        bodies(its_options.body_memory_bytes),
        documents(its_options.persisted_query_bytes),
        keys(its_options.jwt_secrets, http) {
    if (!options.trusted_documents.empty()) documents.Trust(options.trusted_documents);
    const int threads = ThreadsFor(options);
    for (int i = 0; i < threads; ++i)
      workers.push_back(std::make_unique<Worker>(ExecutorOptionsFor(options, i, threads)));
    Worker& home = *workers.front();
    reload = std::make_unique<SchemaReload>(
        options, home.loop, home.executor, schemas, first,
        [this](std::shared_ptr<const SchemaStore::Snapshot> fresh, const std::function<void()>& published) {
          Publish(std::move(fresh), published);
        });
    LogOmissions(*schemas.OfAdmin(), {});
    engine = std::make_unique<live::Engine>(
        home.loop, home.executor, EngineOptionsFor(options), [this] { reload->RequestSoon(); },
        [this](const std::function<void(bool)>& done) {
          reload->RequestHealing(workers.front()->loop,
                                 [this, done, before = schemas.generation()](const std::optional<Error>&) {
                                   done(schemas.generation() != before);
                                 });
        });
    for (const auto& worker : workers) {
      worker->service = std::make_unique<Service>(Service{
          options, worker->loop, worker->executor, *engine, schemas,
          [this, &loop = worker->loop](SchemaReload::Done done) { reload->Request(loop, std::move(done)); }, bodies,
          documents, cache::OperationCache(options.operation_cache_bytes / static_cast<std::size_t>(threads))});
      worker->service->heal_schema = [this, &loop = worker->loop](SchemaReload::Done done) {
        reload->RequestHealing(loop, std::move(done));
      };
      if (ProvesByOtherThanSecrets(options)) {
        worker->authenticator = std::make_unique<auth::Authenticator>(worker->loop, options, keys, http,
                                                                      kProvenBytes / static_cast<std::size_t>(threads));
        worker->service->authenticator = worker->authenticator.get();
      }
      worker->service->load_role = [this, &loop = worker->loop](const std::string& role, SchemaReload::Done done) {
        reload->LoadRole(loop, role, std::move(done));
      };
      worker->server = std::make_unique<transport::HttpServer>(
          options, worker->loop, bodies,
          [&service = *worker->service](int fd, const transport::Handshake& handshake, std::string already_read,
                                        std::map<std::string, std::string> headers, std::shared_ptr<void> place) {
            StartWebSocket(service, fd, handshake, std::move(already_read), std::move(headers), std::move(place));
          });
      AddEndpoints(worker->server->router(), *worker->service);
    }
  }

  ~Impl() {
    for (const auto& worker : workers) worker->loop.Stop();
    for (const auto& worker : workers)
      if (worker->thread.joinable()) worker->thread.join();
    http.Stop();
    // What waits for an answer is held by the executors and refers to servers and services: they go last.
    for (const auto& worker : workers) worker->server.reset();
  }

  void Start() {
    if (UsesHttp(options)) {
      http.Start();
      keys.Start();
    }
    std::vector<transport::HttpServer*> servers;
    for (const auto& worker : workers) servers.push_back(worker->server.get());
    Worker& home = *workers.front();
    home.loop.Post([this] {
      const bool has_signals = HasSignals(*schemas.OfAdmin());
      reload->SetSignalled(has_signals);
      engine->Start(has_signals);
    });
    for (const auto& worker : workers) {
      worker->loop.Post([this, &worker = *worker, servers] { worker.server->Start(socket, servers); });
      worker->thread = std::thread([&loop = worker->loop] { loop.Run(); });
    }
  }

  bool HasSignals(const schema::Schema& schema) const { return can_listen && schema.catalog().has_extension; }

  // On home. Each loop compiles its subscriptions again before all cohorts run again.
  void Publish(std::shared_ptr<const SchemaStore::Snapshot> fresh, const std::function<void()>& published) {
    const bool has_signals = HasSignals(*fresh->admin->schema);
    LogOmissions(*fresh->admin->schema, schemas.OfAdmin()->omissions());
    schemas.Set(std::move(fresh));
    const auto left = std::make_shared<std::atomic<std::size_t>>(workers.size());
    for (const auto& worker : workers) {
      worker->loop.Post([this, left, has_signals, published, &service = *worker->service] {
        ForgetOldSchemas(service);
        RecompileSubscriptions(service);
        if (left->fetch_sub(1) > 1) return;
        workers.front()->loop.Post([this, has_signals, published] {
          reload->SetSignalled(has_signals);
          engine->ExtensionChanged(has_signals);
          engine->Resync();
          published();
          malloc_trim(0);  // the old schemas are gone
        });
      });
    }
  }

  void Drain(const std::function<void()>& drained) {
    draining = workers.size();
    socket.Refuse();
    for (const auto& worker : workers) {
      worker->loop.Post([this, &worker = *worker, drained] {
        CloseWebSockets(*worker.service);
        worker.server->Drain([this, &worker, drained] { DrainExecutor(worker, drained); });
      });
    }
  }

  // A closing WebSocket may still have a mutation under way, and gets at most two seconds for its farewell.
  void DrainExecutor(Worker& worker, const std::function<void()>& drained) {
    if (!worker.service->websockets.empty()) {
      worker.loop.After(std::chrono::milliseconds(20), [this, &worker, drained] { DrainExecutor(worker, drained); });
      return;
    }
    worker.executor.Drain([this, drained] {
      if (draining.fetch_sub(1) == 1) drained();
    });
  }
};

Gateway::Gateway(const Options& options, const transport::ListenSocket& socket, const FirstCatalog& first,
                 bool can_listen)
    : impl_(std::make_unique<Impl>(options, socket, first, can_listen)) {}

Gateway::~Gateway() = default;

void Gateway::Start() {
  impl_->Start();
}

void Gateway::Drain(const std::function<void()>& drained) {
  impl_->Drain(drained);
}

int Gateway::threads() const {
  return static_cast<int>(impl_->workers.size());
}

int Gateway::database_connections() const {
  return std::max(impl_->options.pool_size, 1);
}

}  // namespace threefactor::api
