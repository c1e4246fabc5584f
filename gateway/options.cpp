#include "options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>

#include <CLI/CLI.hpp>

#include "environment.hpp"
#include "transport/web_origin.hpp"

namespace threefactor {

namespace {

// Hasura's ports and time-outs have other shapes or units than ours; they are read apart and converted.
struct HasuraShaped {
  std::string server_host;
  int server_port = 0;
  int shutdown_seconds = -1;
};

// An option's environment variables. Ours wins; CLI11 knows one per option, so the other is named only when it is the
// one that is set.
CLI::Option* WithVariables(CLI::Option* option, const std::string& ours, const std::string& hasuras) {
  const bool use_hasuras = !hasuras.empty() && std::getenv(ours.c_str()) == nullptr;
  option->envname(use_hasuras && std::getenv(hasuras.c_str()) != nullptr ? hasuras : ours);
  if (!hasuras.empty()) option->description(fmt::format("{} [also {}]", option->get_description(), hasuras));
  return option;
}

void SplitListen(const std::string& listen, Options& options) {
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  int port = -1;
  if (colon != std::string::npos) {
    const std::string digits = listen.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) port = -1;
  }
  if (host == "*") host = "0.0.0.0";
  if (host.empty() || port < 0 || port > 65535)
    throw std::runtime_error(fmt::format("--listen: \"{}\" is not HOST:PORT with a port from 0 to 65535", listen));
  options.listen_host = host;
  options.listen_port = port;
}

bool IsLoopback(const std::string& host) {
  return transport::IsLoopbackName(host) || host == "::1";
}

// What a header can carry: values are trimmed, and hold no control character.
void CheckAdminSecret(const std::string& secret) {
  const bool has_blank = !secret.empty() && (secret.front() == ' ' || secret.back() == ' ');
  if (has_blank || std::any_of(secret.begin(), secret.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    throw std::runtime_error(
        "--admin-secret begins or ends with a blank, or holds a control character (a line end from a file?): no "
        "request "
        "could carry it");
}

// An empty value of what protects something is a mistake, as of a variable that was not set where it was copied from.
void RefuseEmpty(const CLI::App& app, const std::set<std::string>& variables) {
  for (const std::string& name : variables)
    if (const char* value = std::getenv(name.c_str()); value != nullptr && *value == '\0')
      throw std::runtime_error(fmt::format("{} is set but empty; give it a value, or do not set it", name));
  for (const char* name : {"--admin-secret", "--trusted-documents", "--cors-origins"}) {
    const CLI::Option* option = app.get_option(name);
    const auto& results = option->results();
    if (option->count() > 0 && std::all_of(results.begin(), results.end(), [](const auto& r) { return r.empty(); }))
      throw std::runtime_error(fmt::format("{} is empty; give it a value, or leave it out", name));
  }
}

std::vector<std::string> SplitOrigins(const std::vector<std::string>& given) {
  std::vector<std::string> origins;
  for (std::string_view origin : given) {
    while (!origin.empty() && origin.front() == ' ') origin.remove_prefix(1);
    while (!origin.empty() && origin.back() == ' ') origin.remove_suffix(1);
    origins.emplace_back(origin);
  }
  transport::CheckOrigins(origins);
  return origins;
}

void Check(const Options& options) {
  if (options.database_url.empty())
    throw std::runtime_error("--database-url is missing (or THREEFACTOR_DATABASE_URL): where is the database?");
  if (options.body_memory_bytes < options.max_body_bytes)
    throw std::runtime_error("--body-memory is less than --max-body: not one body of that size could be read");
  CheckAdminSecret(options.admin_secret);
  if (options.schemas.empty()) throw std::runtime_error("--schemas names no schema");
  if (options.admin_secret.empty() && !options.insecure && !IsLoopback(options.listen_host))
    throw std::runtime_error(
        fmt::format("without --admin-secret everyone is an administrator, so only loopback may be listened on, not {}; "
                    "set --admin-secret, listen on 127.0.0.1, or say --insecure",
                    options.listen_host));
}

}  // namespace

bool ParseOptions(int argc, char** argv, Options& options, int& exit_code) {
  CLI::App app("Serves a PostgreSQL database as GraphQL. Every option can also be given by its environment variable.",
               "threefactor-gateway");
  app.set_version_flag("--version", std::string("threefactor-gateway ") + THREEFACTOR_VERSION);
  app.get_formatter()->column_width(44);
  std::string listen = fmt::format("{}:{}", options.listen_host, options.listen_port);
  HasuraShaped hasura;
  std::set<std::string> understood;  // variables
  const auto FromEnvironment = [&understood](CLI::Option* option, const std::string& ours,
                                             const std::string& hasuras = "") {
    understood.insert({ours, hasuras});
    return WithVariables(option, ours, hasuras);
  };
  const auto hidden = [&](const std::string& flag, auto& value, const std::string& variable) {
    app.add_option(flag, value, "")->envname(variable)->group("");
    understood.insert(variable);
  };

  FromEnvironment(app.add_option("--database-url", options.database_url,
                                 "the database: postgresql://user:password@host:port/name, or a libpq connection "
                                 "string"),
                  "THREEFACTOR_DATABASE_URL", "HASURA_GRAPHQL_DATABASE_URL");
  FromEnvironment(app.add_option("--direct-database-url", options.direct_database_url,
                                 "the same database without the PgBouncer that --database-url leads through: for "
                                 "LISTEN, which live queries need"),
                  "THREEFACTOR_DIRECT_DATABASE_URL");
  CLI::Option* listen_option =
      FromEnvironment(app.add_option("--listen", listen, "HOST:PORT to serve; port 0 takes any that is free"),
                      "THREEFACTOR_LISTEN")
          ->capture_default_str();
  hidden("--server-host", hasura.server_host, "HASURA_GRAPHQL_SERVER_HOST");
  hidden("--server-port", hasura.server_port, "HASURA_GRAPHQL_SERVER_PORT");
  FromEnvironment(app.add_option("--admin-secret", options.admin_secret,
                                 "what requests must carry as X-Hasura-Admin-Secret; without it everyone is an "
                                 "administrator and only loopback is served: addresses, hosts and pages"),
                  "THREEFACTOR_ADMIN_SECRET", "HASURA_GRAPHQL_ADMIN_SECRET");
  FromEnvironment(
      app.add_flag("--insecure", options.insecure, "serve other addresses and hosts without an admin secret too"),
      "THREEFACTOR_INSECURE");
  FromEnvironment(app.add_option("--schemas", options.schemas, "database schemas to expose, separated by commas")
                      ->delimiter(',')
                      ->capture_default_str(),
                  "THREEFACTOR_SCHEMAS");
  FromEnvironment(app.add_option("--pool-size", options.pool_size, "Postgres connections, over all event loops")
                      ->check(CLI::Range(1, 10000))
                      ->capture_default_str(),
                  "THREEFACTOR_POOL_SIZE", "HASURA_GRAPHQL_PG_CONNECTIONS");
  FromEnvironment(app.add_option("--threads", options.threads, "event loops; 0: one per core")
                      ->check(CLI::Range(0, 1024))
                      ->capture_default_str(),
                  "THREEFACTOR_THREADS");
  FromEnvironment(app.add_option("--prepared", options.prepared,
                                 "keep prepared statements; off works through a PgBouncer in transaction mode "
                                 "[default: on, off where a pooler is noticed]"),
                  "THREEFACTOR_PREPARED", "HASURA_GRAPHQL_USE_PREPARED_STATEMENTS");
  FromEnvironment(app.add_option("--cors-origins", options.cors_origins,
                                 "origins whose pages may call, separated by commas, as https://app.example.com or "
                                 "https://*.example.com; *: any, without credentials (without an admin secret: any of "
                                 "loopback); the gateway's own always may")
                      ->delimiter(',')
                      ->capture_default_str(),
                  "THREEFACTOR_CORS_ORIGINS", "HASURA_GRAPHQL_CORS_DOMAIN");
  FromEnvironment(app.add_option("--max-body", options.max_body_bytes, "largest request body")
                      ->transform(CLI::AsSizeValue(false))
                      ->capture_default_str(),
                  "THREEFACTOR_MAX_BODY");
  FromEnvironment(app.add_option("--body-memory", options.body_memory_bytes,
                                 "memory for all request bodies in flight; past it requests are told to try again")
                      ->transform(CLI::AsSizeValue(false))
                      ->capture_default_str(),
                  "THREEFACTOR_BODY_MEMORY");
  FromEnvironment(app.add_option("--gzip-level", options.gzip_level,
                                 "of responses, for clients that accept gzip: 1 is fast, 9 small, 0 off")
                      ->check(CLI::Range(0, 9))
                      ->capture_default_str(),
                  "THREEFACTOR_GZIP_LEVEL");
  FromEnvironment(app.add_option("--statement-timeout", options.statement_timeout_ms,
                                 "milliseconds that one statement may run; 0: the server's own setting")
                      ->check(CLI::NonNegativeNumber)
                      ->capture_default_str(),
                  "THREEFACTOR_STATEMENT_TIMEOUT");
  FromEnvironment(app.add_option("--max-connections", options.max_connections, "client connections open at once")
                      ->check(CLI::PositiveNumber)
                      ->capture_default_str(),
                  "THREEFACTOR_MAX_CONNECTIONS");
  FromEnvironment(app.add_option("--operations-per-connection", options.operations_per_connection,
                                 "operations active at once on one WebSocket")
                      ->check(CLI::PositiveNumber)
                      ->capture_default_str(),
                  "THREEFACTOR_OPERATIONS_PER_CONNECTION");
  FromEnvironment(app.add_option("--operation-cache", options.operation_cache_bytes,
                                 "memory for compiled operations; 0: every request is compiled")
                      ->transform(CLI::AsSizeValue(false)),
                  "THREEFACTOR_OPERATION_CACHE");
  FromEnvironment(app.add_option("--persisted-queries", options.persisted_query_bytes,
                                 "memory for documents that clients register (automatic persisted queries)")
                      ->transform(CLI::AsSizeValue(false)),
                  "THREEFACTOR_PERSISTED_QUERIES");
  FromEnvironment(app.add_option("--trusted-documents", options.trusted_documents,
                                 "JSON file of documents, by id; no other document is run"),
                  "THREEFACTOR_TRUSTED_DOCUMENTS");
  FromEnvironment(app.add_option("--batch-operations", options.batch_operations, "requests in one batch")
                      ->check(CLI::PositiveNumber)
                      ->capture_default_str(),
                  "THREEFACTOR_BATCH_OPERATIONS");
  FromEnvironment(app.add_option("--drain-timeout", options.drain_timeout_ms,
                                 "milliseconds that requests may take to finish after SIGTERM")
                      ->check(CLI::NonNegativeNumber)
                      ->capture_default_str(),
                  "THREEFACTOR_DRAIN_TIMEOUT");
  hidden("--shutdown-seconds", hasura.shutdown_seconds, "HASURA_GRAPHQL_GRACEFUL_SHUTDOWN_TIMEOUT");
  FromEnvironment(app.add_option("--poll-interval", options.poll_interval_ms,
                                 "milliseconds between two runs of a subscription, where the database lacks the "
                                 "extension threefactor")
                      ->check(CLI::Range(10, 3600000))
                      ->capture_default_str(),
                  "THREEFACTOR_POLL_INTERVAL", "HASURA_GRAPHQL_LIVE_QUERIES_MULTIPLEXED_REFETCH_INTERVAL");
  FromEnvironment(app.add_option("--connect-timeout", options.connect_timeout_ms,
                                 "milliseconds to wait at the start for a database that cannot be reached; 0: exit at "
                                 "once")
                      ->check(CLI::NonNegativeNumber)
                      ->capture_default_str(),
                  "THREEFACTOR_CONNECT_TIMEOUT");
  FromEnvironment(
      app.add_option("--stringify-numeric-types", options.stringify_numeric_types,
                     "answer bigint, numeric and float8 as strings, as JavaScript's numbers do not hold them")
          ->capture_default_str(),
      "THREEFACTOR_STRINGIFY_NUMERIC_TYPES", "HASURA_GRAPHQL_STRINGIFY_NUMERIC_TYPES");
  FromEnvironment(app.add_option("--internal-errors", options.admin_internal_errors,
                                 "tell administrators in extensions.internal what Postgres said")
                      ->capture_default_str(),
                  "THREEFACTOR_INTERNAL_ERRORS", "HASURA_GRAPHQL_ADMIN_INTERNAL_ERRORS");
  FromEnvironment(
      app.add_option("--dev-mode", options.dev_mode, "tell everyone in extensions.internal what Postgres said")
          ->capture_default_str(),
      "THREEFACTOR_DEV_MODE", "HASURA_GRAPHQL_DEV_MODE");
  const std::map<std::string, Options::Debug> debug = {
      {"off", Options::Debug::kOff}, {"admin", Options::Debug::kAdmin}, {"everyone", Options::Debug::kEveryone}};
  FromEnvironment(app.add_option("--debug-header", options.debug,
                                 "whose header X-Threefactor-Debug is heard: off, admin or everyone; it asks for "
                                 "\"timing\" (Server-Timing), administrators also for \"sql\"")
                      ->transform(CLI::CheckedTransformer(debug, CLI::ignore_case))
                      ->default_str("admin"),
                  "THREEFACTOR_DEBUG_HEADER");
  FromEnvironment(app.add_option("--log-level", options.log_level, "of the log on stderr")
                      ->transform(CLI::IsMember({"debug", "info", "warn", "error"}, CLI::ignore_case))
                      ->capture_default_str(),
                  "THREEFACTOR_LOG_LEVEL", "HASURA_GRAPHQL_LOG_LEVEL");
  FromEnvironment(app.add_option("--max-document", options.limits.document_bytes, "largest GraphQL document")
                      ->transform(CLI::AsSizeValue(false))
                      ->capture_default_str(),
                  "THREEFACTOR_MAX_DOCUMENT");
  FromEnvironment(app.add_option("--max-tokens", options.limits.tokens, "tokens of one GraphQL document")
                      ->check(CLI::PositiveNumber)
                      ->capture_default_str(),
                  "THREEFACTOR_MAX_TOKENS");
  FromEnvironment(app.add_option("--max-depth", options.limits.depth, "nesting of selections and of values")
                      ->check(CLI::Range(1, 1000))
                      ->capture_default_str(),
                  "THREEFACTOR_MAX_DEPTH");
  FromEnvironment(app.add_option("--max-root-fields", options.limits.root_fields, "root fields of one operation")
                      ->check(CLI::PositiveNumber)
                      ->capture_default_str(),
                  "THREEFACTOR_MAX_ROOT_FIELDS");
  FromEnvironment(app.add_option("--max-aliases", options.limits.aliases, "aliases of one operation")
                      ->check(CLI::NonNegativeNumber)
                      ->capture_default_str(),
                  "THREEFACTOR_MAX_ALIASES");
  FromEnvironment(app.add_option("--max-response", options.limits.response_characters,
                                 "characters of the data of one response; 0: any number")
                      ->transform(CLI::AsSizeValue(false))
                      ->check(CLI::Range(std::size_t(0), std::size_t(1) << 30))
                      ->capture_default_str(),
                  "THREEFACTOR_MAX_RESPONSE");

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    exit_code = app.exit(help_or_version);
    return false;
  } catch (const CLI::ParseError& error) {
    throw std::runtime_error(fmt::format("{} (--help lists all options)", error.what()));
  }

  RefuseEmpty(app, {"THREEFACTOR_ADMIN_SECRET", "HASURA_GRAPHQL_ADMIN_SECRET", "THREEFACTOR_CORS_ORIGINS",
                    "HASURA_GRAPHQL_CORS_DOMAIN", "THREEFACTOR_TRUSTED_DOCUMENTS"});
  options.ignored_variables = IgnoredVariables(environ, understood);
  options.cors_origins = SplitOrigins(options.cors_origins);
  if (listen_option->count() == 0) {  // CLI11 counts what comes from the environment too
    if (!hasura.server_host.empty()) listen = fmt::format("{}:{}", hasura.server_host, options.listen_port);
    if (hasura.server_port > 0) listen = fmt::format("{}:{}", listen.substr(0, listen.rfind(':')), hasura.server_port);
  }
  SplitListen(listen, options);
  if (hasura.shutdown_seconds >= 0) options.drain_timeout_ms = hasura.shutdown_seconds * 1000;
  Check(options);
  return true;
}

}  // namespace threefactor
