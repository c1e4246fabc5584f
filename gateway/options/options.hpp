// Every option of the gateway with its default. One table (option_table.hpp) gives each its flag, its environment
// variable THREEFACTOR_* and, where Hasura has the same, HASURA_GRAPHQL_*; a flag wins over the environment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/configuration.hpp"
#include "base/limits.hpp"

namespace threefactor {

struct Options {
  std::string database_url;
  std::string direct_database_url;  // past a PgBouncer, to LISTEN; empty: database_url
  std::string listen_host = "127.0.0.1";
  int listen_port = 8080;
  std::string admin_secret;  // empty: none; then only loopback is served (transport/web_origin.hpp)
  std::vector<std::string> further_admin_secrets;  // that count too, while one is replaced; none without the first
  std::string admin_role;   // the database role of administrators; empty: what the gateway logs in as
  std::string role_prefix;  // of database roles, before the name that clients give
  bool insecure = false;    // lifts that rule
  std::vector<auth::JwtConfiguration> jwt_secrets;  // one for each issuer of tokens
  struct AuthHook {
    std::string url;  // empty: there is no webhook
    bool is_post = false;
    bool sends_request = true;  // of GraphQL; a GET never does
  };
  AuthHook auth_hook;
  std::string unauthorized_role;                  // of requests that prove nothing; empty: they are refused
  std::vector<std::string> schemas = {"public"};  // exposed
  int pool_size = 8;                              // Postgres connections, over all loops
  int threads = 0;                                // event loops; 0: one per core
  std::optional<bool> prepared;                   // keep prepared statements; unset: unless a pooler is in between
  std::vector<std::string> cors_origins = {"*"};
  std::size_t max_body_bytes = 16 << 20;      // as sent, and decompressed
  std::size_t body_memory_bytes = 128 << 20;  // of all request bodies in flight
  int gzip_level = 1;                         // of responses; 0: never
  int statement_timeout_ms = 60000;           // of one GraphQL operation
  int max_connections = 20000;
  int operations_per_connection = 100;  // active at once on one WebSocket
  int drain_timeout_ms = 10000;
  int poll_interval_ms = 1000;  // subscriptions of a database without the extension
  std::string log_level = "info";
  int batch_operations = 100;                    // in one HTTP request
  std::size_t operation_cache_bytes = 16 << 20;  // of all event loops together
  std::size_t persisted_query_bytes = 16 << 20;
  std::string trusted_documents;         // a file; empty: every document may be sent
  bool stringify_numeric_types = false;  // bigint, numeric and float8 are answered as strings
  enum class Debug { kOff, kAdmin, kEveryone };
  Debug debug = Debug::kAdmin;                 // whose header X-Threefactor-Debug is heard
  bool admin_internal_errors = true;           // extensions.internal for administrators: what Postgres said
  bool dev_mode = false;                       // extensions.internal for everyone
  int connect_timeout_ms = 0;                  // how long to wait at the start for a database that cannot be reached
  std::vector<std::string> ignored_variables;  // of the environment: set, and not served
  Limits limits{.response_characters = 32 << 20};
};

// Throws std::runtime_error with a message for the user when an option is wrong. Returns false when the process should
// exit with `exit_code` at once (--help, --version).
bool ParseOptions(int argc, char** argv, Options& options, int& exit_code);

}  // namespace threefactor
