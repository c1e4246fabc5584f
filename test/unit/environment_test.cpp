#include "options/environment.hpp"

#include <catch2/catch.hpp>

using Catch::Matchers::Contains;
using threefactor::IgnoredVariables;

namespace {

std::vector<std::string> Ignored(const std::vector<std::string>& entries) {
  std::vector<const char*> environment;
  for (const std::string& entry : entries) environment.push_back(entry.c_str());
  environment.push_back(nullptr);
  return IgnoredVariables(environment.data(), {"HASURA_GRAPHQL_ADMIN_SECRET", "THREEFACTOR_ADMIN_SECRET"});
}

}  // namespace

TEST_CASE("variables that nobody reads are named", "[environment]") {
  CHECK(
      Ignored({"PATH=/bin", "HASURA_GRAPHQL_ADMIN_SECRET=s", "THREEFACTOR_ADMIN_SECRET=s", "HASURA_OTHER=1"}).empty());
  CHECK(Ignored({"THREEFACTOR_POOLSIZE=3", "HASURA_GRAPHQL_ENABLE_CONSOLE=true", "HASURA_GRAPHQL_PG_STRIPES="}) ==
        std::vector<std::string>{"HASURA_GRAPHQL_ENABLE_CONSOLE", "HASURA_GRAPHQL_PG_STRIPES", "THREEFACTOR_POOLSIZE"});
  for (const char* harmless : {"ENABLE_TELEMETRY=true",
                               "METADATA_DATABASE_URL=x",
                               "WS_READ_COOKIE=true",
                               "ENABLED_LOG_TYPES=startup",
                               "EVENTS_HTTP_POOL_SIZE=1",
                               "EVENTS_FETCH_INTERVAL=1",
                               "ASYNC_ACTIONS_FETCH_INTERVAL=1",
                               "PG_TIMEOUT=1",
                               "PG_CONN_LIFETIME=1",
                               "PG_POOL_TIMEOUT=1",
                               "CONSOLE_ASSETS_DIR=/srv",
                               "V1_BOOLEAN_NULL_COLLAPSE=false",
                               "REMOTE_SCHEMA_SKIP_NULLS=true",
                               "LIVE_QUERIES_MULTIPLEXED_BATCH_SIZE=1",
                               "SCHEMA_SYNC_POLL_INTERVAL=1",
                               "EXPERIMENTAL_FEATURES=inherited_roles",
                               "WEBSOCKET_KEEPALIVE=5",
                               "CONNECTION_COMPRESSION=true",
                               "WEBSOCKET_CONNECTION_INIT_TIMEOUT=3",
                               "ENABLE_METADATA_QUERY_LOGGING=true",
                               "DEFAULT_NAMING_CONVENTION=x",
                               "METADATA_DATABASE_EXTENSIONS_SCHEMA=public",
                               "METADATA_DEFAULTS={}",
                               "ENABLE_APOLLO_FEDERATION=true",
                               "CLOSE_WEBSOCKETS_ON_METADATA_CHANGE=true",
                               "MAX_TOTAL_HEADER_LENGTH=1",
                               "ENABLE_TRIGGERS_ERROR_LOG_LEVEL=true",
                               "ENABLE_PERSISTED_QUERIES=true",
                               "PERSISTED_QUERIES_TTL=5",
                               "ENABLE_REMOTE_SCHEMA_PERMISSIONS=true",
                               "MIGRATIONS_DIR=/m",
                               "METADATA_DIR=/m",
                               "ENABLE_ALLOWLIST=false",
                               "DISABLE_CORS=false",
                               "INFER_FUNCTION_PERMISSIONS=true",
                               "TX_ISOLATION=read-committed",
                               "ENABLED_APIS=metadata,graphql,pgdump,config",
                               "ENABLE_MAINTENANCE_MODE=off",
                               "PORT=tcp://10.0.0.1:80",
                               "ADMIN_SERVICE_HOST=10.0.0.1",
                               "AUTH_PORT_8080_TCP_ADDR=10.0.0.1"}) {
    INFO(harmless);
    CHECK(Ignored({std::string("HASURA_GRAPHQL_") + harmless}).size() == 1);
  }
}

TEST_CASE("a variable that would protect something stops the start", "[environment]") {
  for (const char* protective : {"JWT_SECRET={}",
                                 "JWT_SECRETS=[]",
                                 "JWT_SECRET=",
                                 "ADMIN_SECRETS=[\"a\"]",
                                 "ACCESS_KEY=a",
                                 "AUTH_HOOK=http://a",
                                 "AUTH_HOOK_MODE=POST",
                                 "UNAUTHORIZED_ROLE=anonymous",
                                 "ENABLE_ALLOWLIST=true",
                                 "ENABLE_ALLOWLIST=",
                                 "ENABLE_ALLOWLIST=maybe",
                                 "ENABLED_APIS=graphql",
                                 "ENABLED_APIS=metadata",
                                 "DISABLE_CORS=true",
                                 "INFER_FUNCTION_PERMISSIONS=false",
                                 "TX_ISOLATION=serializable",
                                 "ENABLE_MAINTENANCE_MODE=true",
                                 "RATE_LIMIT=10",
                                 "METRICS_SECRET=a",
                                 "DISABLE_INTROSPECTION=true"}) {
    INFO(protective);
    const std::string entry = std::string("HASURA_GRAPHQL_") + protective;
    CHECK_THROWS_WITH(Ignored({entry}), Contains(entry.substr(0, entry.find('='))) && Contains("does not start"));
  }
  for (const char* ours : {"JWT_SECRET=secret-value", "ADMIN_SECRT=secret-value", "CORS_ORIGIN=secret-value"})
    CHECK_THROWS_WITH(Ignored({std::string("THREEFACTOR_") + ours}),
                      Contains("THREEFACTOR_") && !Contains("secret-value"));
}

TEST_CASE("what the reference says to stop the start stops it", "[environment]") {
  const auto refused = threefactor::RefusedVariables();
  CHECK(refused.size() > 5);
  for (const auto& variable : refused) {
    CAPTURE(variable.name);
    CHECK_FALSE(variable.advice.empty());
    CHECK_THROWS_WITH(Ignored({variable.name + "=x"}),
                      Contains(variable.name) && Contains(std::string(variable.advice)));
  }
}
