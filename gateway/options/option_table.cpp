#include "options/option_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

namespace threefactor {

namespace {

using Unit = OptionRow::Unit;
using Range = OptionRow::Range;
using Target = OptionRow::Target;

template <auto Member>
Target Of(RawOptions& raw) {
  return &(raw.options.*Member);
}

template <auto Member>
Target OfLimits(RawOptions& raw) {
  return &(raw.options.limits.*Member);
}

template <auto Member>
Target OfRaw(RawOptions& raw) {
  return &(raw.*Member);
}

constexpr std::array<std::string_view, 3> kDebugChoices = {"off", "admin", "everyone"};  // in the order of the enum
constexpr std::array<std::string_view, 2> kHookModes = {"GET", "POST"};
constexpr std::array<std::string_view, 4> kLogLevels = {"debug", "info", "warn", "error"};

constexpr std::array kTable = {
    OptionRow{.flag = "--database-url",
              .variable = "THREEFACTOR_DATABASE_URL",
              .hasuras = "HASURA_GRAPHQL_DATABASE_URL",
              .text = "The database: postgresql://user:password@host:port/name, or a libpq connection string; must be "
                      "given",
              .target = Of<&Options::database_url>},
    OptionRow{.flag = "--direct-database-url",
              .variable = "THREEFACTOR_DIRECT_DATABASE_URL",
              .otherwise = "that of --database-url",
              .text = "The same database without the PgBouncer that --database-url leads through: for LISTEN, which "
                      "live queries need",
              .target = Of<&Options::direct_database_url>},
    OptionRow{.flag = "--listen",
              .variable = "THREEFACTOR_LISTEN",
              .text = "HOST:PORT to serve; port 0 takes any that is free",
              .target = OfRaw<&RawOptions::listen>},
    OptionRow{.flag = "--server-host",
              .hasuras = "HASURA_GRAPHQL_SERVER_HOST",
              .otherwise = "the host of --listen",
              .text = "The host to serve, where --listen is not given; * is every address of IPv4",
              .target = OfRaw<&RawOptions::hasura_host>,
              .is_hidden = true},
    OptionRow{.flag = "--server-port",
              .hasuras = "HASURA_GRAPHQL_SERVER_PORT",
              .range = Range{0, 65535},
              .otherwise = "the port of --listen",
              .text = "The port to serve, where --listen is not given; 0 counts as not given",
              .target = OfRaw<&RawOptions::hasura_port>,
              .is_hidden = true},
    OptionRow{.flag = "--admin-secret",
              .variable = "THREEFACTOR_ADMIN_SECRET",
              .hasuras = "HASURA_GRAPHQL_ADMIN_SECRET",
              .text = "What requests must carry as X-Hasura-Admin-Secret; without it everyone is an administrator and "
                      "only loopback is served: addresses, hosts and pages",
              .target = Of<&Options::admin_secret>,
              .protects = true},
    OptionRow{.flag = "--admin-secrets",
              .variable = "THREEFACTOR_ADMIN_SECRETS",
              .hasuras = "HASURA_GRAPHQL_ADMIN_SECRETS",
              .text =
                  "Instead of --admin-secret, a list in JSON of secrets each of which counts, as [\"new\", \"old\"] "
                  "while one is replaced",
              .target = OfRaw<&RawOptions::admin_secrets>,
              .protects = true},
    OptionRow{.flag = "--jwt-secret",
              .variable = "THREEFACTOR_JWT_SECRET",
              .hasuras = "HASURA_GRAPHQL_JWT_SECRET",
              .text = "What tokens (JWT) must be signed with and say, in JSON: type and key, or jwk_url; "
                      "claims_namespace, claims_namespace_path or claims_map; claims_format, audience, issuer, "
                      "allowed_skew, header; needs an admin secret",
              .target = OfRaw<&RawOptions::jwt_secret>,
              .protects = true},
    OptionRow{.flag = "--jwt-secrets",
              .variable = "THREEFACTOR_JWT_SECRETS",
              .hasuras = "HASURA_GRAPHQL_JWT_SECRETS",
              .text = "Instead of --jwt-secret, a list in JSON of such objects, one for each issuer",
              .target = OfRaw<&RawOptions::jwt_secrets>,
              .protects = true},
    OptionRow{.flag = "--auth-hook",
              .variable = "THREEFACTOR_AUTH_HOOK",
              .hasuras = "HASURA_GRAPHQL_AUTH_HOOK",
              .text = "URL of a webhook that says who sends a request without admin secret; needs an admin secret",
              .target = OfRaw<&RawOptions::auth_hook>,
              .protects = true},
    OptionRow{.flag = "--auth-hook-mode",
              .variable = "THREEFACTOR_AUTH_HOOK_MODE",
              .hasuras = "HASURA_GRAPHQL_AUTH_HOOK_MODE",
              .choices = kHookModes,
              .text = "GET: the webhook gets the headers of the request as its own; POST: as JSON",
              .target = OfRaw<&RawOptions::auth_hook_mode>},
    OptionRow{.flag = "--auth-hook-send-request-body",
              .variable = "THREEFACTOR_AUTH_HOOK_SEND_REQUEST_BODY",
              .hasuras = "HASURA_GRAPHQL_AUTH_HOOK_SEND_REQUEST_BODY",
              .text = "Send a webhook of mode POST the GraphQL request too; then bodies of those who have proved "
                      "nothing are read",
              .target = OfRaw<&RawOptions::auth_hook_sends_request>},
    OptionRow{.flag = "--unauthorized-role",
              .variable = "THREEFACTOR_UNAUTHORIZED_ROLE",
              .hasuras = "HASURA_GRAPHQL_UNAUTHORIZED_ROLE",
              .text = "Role of requests that have neither admin secret nor token; needs an admin secret",
              .target = Of<&Options::unauthorized_role>,
              .protects = true},
    OptionRow{.flag = "--admin-role",
              .variable = "THREEFACTOR_ADMIN_ROLE",
              .otherwise = "the role that --database-url logs in as",
              .text = "Database role of administrators, which owns what they change; the login role must be its member",
              .target = Of<&Options::admin_role>},
    OptionRow{
        .flag = "--role-prefix",
        .variable = "THREEFACTOR_ROLE_PREFIX",
        .text = "What the database roles of requests begin with: with app_, X-Hasura-Role: user is the role app_user",
        .target = Of<&Options::role_prefix>},
    OptionRow{.flag = "--insecure",
              .variable = "THREEFACTOR_INSECURE",
              .text = "Serve other addresses and hosts without an admin secret too",
              .target = Of<&Options::insecure>,
              .is_switch = true},
    OptionRow{.flag = "--schemas",
              .variable = "THREEFACTOR_SCHEMAS",
              .text = "Database schemas to expose, separated by commas",
              .target = Of<&Options::schemas>},
    OptionRow{.flag = "--pool-size",
              .variable = "THREEFACTOR_POOL_SIZE",
              .hasuras = "HASURA_GRAPHQL_PG_CONNECTIONS",
              .range = Range{1, 10000},
              .text = "Postgres connections, over all event loops",
              .target = Of<&Options::pool_size>},
    OptionRow{.flag = "--threads",
              .variable = "THREEFACTOR_THREADS",
              .range = Range{0, 1024},
              .text = "Event loops; 0: one per core",
              .target = Of<&Options::threads>},
    OptionRow{.flag = "--prepared",
              .variable = "THREEFACTOR_PREPARED",
              .hasuras = "HASURA_GRAPHQL_USE_PREPARED_STATEMENTS",
              .otherwise = "true, but false where a pooler is noticed",
              .text = "Keep prepared statements; false works through a PgBouncer in transaction mode",
              .target = Of<&Options::prepared>},
    OptionRow{.flag = "--cors-origins",
              .variable = "THREEFACTOR_CORS_ORIGINS",
              .hasuras = "HASURA_GRAPHQL_CORS_DOMAIN",
              .text = "Origins whose pages may call, separated by commas, as https://app.example.com or "
                      "https://*.example.com; *: any, without credentials (without an admin secret: any of loopback); "
                      "the gateway's own always may",
              .target = Of<&Options::cors_origins>,
              .protects = true},
    OptionRow{.flag = "--max-body",
              .variable = "THREEFACTOR_MAX_BODY",
              .unit = Unit::kBytes,
              .text = "Largest request body, as it is sent and decompressed",
              .target = Of<&Options::max_body_bytes>},
    OptionRow{.flag = "--body-memory",
              .variable = "THREEFACTOR_BODY_MEMORY",
              .unit = Unit::kBytes,
              .text = "Memory for all request bodies and WebSocket messages in flight, not less than --max-body; past "
                      "it requests are told to "
                      "try again",
              .target = Of<&Options::body_memory_bytes>},
    OptionRow{.flag = "--gzip-level",
              .variable = "THREEFACTOR_GZIP_LEVEL",
              .range = Range{0, 9},
              .text = "Compression of responses, for clients that accept gzip: 1 is fast, 9 small, 0 off",
              .target = Of<&Options::gzip_level>},
    OptionRow{.flag = "--statement-timeout",
              .variable = "THREEFACTOR_STATEMENT_TIMEOUT",
              .unit = Unit::kMilliseconds,
              .range = Range{},
              .text = "Time that one statement may run; 0: the server's own setting",
              .target = Of<&Options::statement_timeout_ms>},
    OptionRow{.flag = "--max-connections",
              .variable = "THREEFACTOR_MAX_CONNECTIONS",
              .range = Range{1},
              .text = "Client connections open at once",
              .target = Of<&Options::max_connections>},
    OptionRow{.flag = "--operations-per-connection",
              .variable = "THREEFACTOR_OPERATIONS_PER_CONNECTION",
              .range = Range{1},
              .text = "Operations active at once on one WebSocket",
              .target = Of<&Options::operations_per_connection>},
    OptionRow{.flag = "--operation-cache",
              .variable = "THREEFACTOR_OPERATION_CACHE",
              .unit = Unit::kBytes,
              .text = "Memory for compiled operations; 0: every request is compiled",
              .target = Of<&Options::operation_cache_bytes>},
    OptionRow{.flag = "--persisted-queries",
              .variable = "THREEFACTOR_PERSISTED_QUERIES",
              .unit = Unit::kBytes,
              .text = "Memory for documents that clients register (automatic persisted queries)",
              .target = Of<&Options::persisted_query_bytes>},
    OptionRow{.flag = "--trusted-documents",
              .variable = "THREEFACTOR_TRUSTED_DOCUMENTS",
              .text = "JSON file of documents, by id; no other document is run",
              .target = Of<&Options::trusted_documents>,
              .protects = true},
    OptionRow{.flag = "--batch-operations",
              .variable = "THREEFACTOR_BATCH_OPERATIONS",
              .range = Range{1},
              .text = "Requests in one batch",
              .target = Of<&Options::batch_operations>},
    OptionRow{.flag = "--drain-timeout",
              .variable = "THREEFACTOR_DRAIN_TIMEOUT",
              .unit = Unit::kMilliseconds,
              .range = Range{},
              .text = "Time that requests may take to finish after SIGTERM",
              .target = Of<&Options::drain_timeout_ms>},
    OptionRow{.flag = "--shutdown-seconds",
              .hasuras = "HASURA_GRAPHQL_GRACEFUL_SHUTDOWN_TIMEOUT",
              .unit = Unit::kSeconds,
              .range = Range{0, 1000000},
              .otherwise = "--drain-timeout",
              .text = "The same as --drain-timeout, which it replaces",
              .target = OfRaw<&RawOptions::hasura_drain_seconds>,
              .is_hidden = true},
    OptionRow{.flag = "--poll-interval",
              .variable = "THREEFACTOR_POLL_INTERVAL",
              .hasuras = "HASURA_GRAPHQL_LIVE_QUERIES_MULTIPLEXED_REFETCH_INTERVAL",
              .unit = Unit::kMilliseconds,
              .range = Range{10, 3600000},
              .text = "Time between two runs of a subscription, where the database lacks the extension threefactor",
              .target = Of<&Options::poll_interval_ms>},
    OptionRow{.flag = "--connect-timeout",
              .variable = "THREEFACTOR_CONNECT_TIMEOUT",
              .unit = Unit::kMilliseconds,
              .range = Range{},
              .text = "Time to wait at the start for a database that cannot be reached; 0: exit at once",
              .target = Of<&Options::connect_timeout_ms>},
    OptionRow{.flag = "--stringify-numeric-types",
              .variable = "THREEFACTOR_STRINGIFY_NUMERIC_TYPES",
              .hasuras = "HASURA_GRAPHQL_STRINGIFY_NUMERIC_TYPES",
              .text = "Answer bigint, numeric and float8 as strings, as JavaScript's numbers do not hold them",
              .target = Of<&Options::stringify_numeric_types>},
    OptionRow{.flag = "--internal-errors",
              .variable = "THREEFACTOR_INTERNAL_ERRORS",
              .hasuras = "HASURA_GRAPHQL_ADMIN_INTERNAL_ERRORS",
              .text = "Tell administrators in extensions.internal what Postgres said",
              .target = Of<&Options::admin_internal_errors>},
    OptionRow{.flag = "--dev-mode",
              .variable = "THREEFACTOR_DEV_MODE",
              .hasuras = "HASURA_GRAPHQL_DEV_MODE",
              .text = "Tell everyone in extensions.internal what Postgres said",
              .target = Of<&Options::dev_mode>},
    OptionRow{.flag = "--debug-header",
              .variable = "THREEFACTOR_DEBUG_HEADER",
              .choices = kDebugChoices,
              .text = "Whose header X-Threefactor-Debug is heard; it asks for \"timing\" (Server-Timing), "
                      "administrators also for \"sql\"",
              .target = Of<&Options::debug>},
    OptionRow{.flag = "--log-level",
              .variable = "THREEFACTOR_LOG_LEVEL",
              .hasuras = "HASURA_GRAPHQL_LOG_LEVEL",
              .choices = kLogLevels,
              .text = "Least level of what is logged on stderr",
              .target = Of<&Options::log_level>},
    OptionRow{.flag = "--max-document",
              .variable = "THREEFACTOR_MAX_DOCUMENT",
              .unit = Unit::kBytes,
              .text = "Largest GraphQL document",
              .target = OfLimits<&Limits::document_bytes>},
    OptionRow{.flag = "--max-tokens",
              .variable = "THREEFACTOR_MAX_TOKENS",
              .range = Range{1},
              .text = "Tokens of one GraphQL document",
              .target = OfLimits<&Limits::tokens>},
    OptionRow{.flag = "--max-depth",
              .variable = "THREEFACTOR_MAX_DEPTH",
              .range = Range{1, 1000},
              .text = "Nesting of selections and of values; more than 500 counts as 500",
              .target = OfLimits<&Limits::depth>},
    OptionRow{.flag = "--max-root-fields",
              .variable = "THREEFACTOR_MAX_ROOT_FIELDS",
              .range = Range{1},
              .text = "Root fields of one operation",
              .target = OfLimits<&Limits::root_fields>},
    OptionRow{.flag = "--max-aliases",
              .variable = "THREEFACTOR_MAX_ALIASES",
              .range = Range{},
              .text = "Aliases of one operation",
              .target = OfLimits<&Limits::aliases>},
    OptionRow{.flag = "--max-response",
              .variable = "THREEFACTOR_MAX_RESPONSE",
              .unit = Unit::kCharacters,
              .range = Range{0, std::int64_t{1} << 30},
              .text = "Characters of the data of one response; 0: any number",
              .target = OfLimits<&Limits::response_characters>},
};

bool IsSize(Unit unit) {
  return unit == Unit::kBytes || unit == Unit::kCharacters;
}

// In the largest unit that divides it: 16MB.
std::string SizeText(std::int64_t size) {
  for (const auto& [shift, unit] : {std::pair(30, "GB"), std::pair(20, "MB"), std::pair(10, "KB")})
    if (size > 0 && size % (std::int64_t{1} << shift) == 0) return fmt::format("{}{}", size >> shift, unit);
  return std::to_string(size);
}

std::string NumberText(std::int64_t number, Unit unit) {
  return IsSize(unit) ? SizeText(number) : std::to_string(number);
}

}  // namespace

std::span<const OptionRow> OptionTable() {
  return kTable;
}

std::string RangeText(const OptionRow& row) {
  if (!row.choices.empty()) return fmt::format("one of {}", fmt::join(row.choices, ", "));
  if (!row.range) return {};
  const std::string least = NumberText(row.range->least, row.unit);
  if (row.range->most == Range{}.most) return "at least " + least;
  return fmt::format("from {} to {}", least, NumberText(row.range->most, row.unit));
}

std::string DefaultText(const OptionRow& row) {
  if (!row.otherwise.empty()) return std::string(row.otherwise);
  struct Text {
    const OptionRow& row;
    std::string operator()(const std::string* value) const { return value->empty() ? "none" : *value; }
    std::string operator()(const int* value) const { return NumberText(*value, row.unit); }
    std::string operator()(const std::size_t* value) const {
      return NumberText(static_cast<std::int64_t>(*value), row.unit);
    }
    std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
    std::string operator()(const std::optional<bool>* /*value*/) const { return "none"; }
    std::string operator()(const std::vector<std::string>* value) const {
      return fmt::format("{}", fmt::join(*value, ","));
    }
    std::string operator()(const Options::Debug* value) const {
      return std::string(row.choices[static_cast<std::size_t>(*value)]);
    }
  };
  RawOptions defaults;
  return std::visit(Text{row}, row.target(defaults));
}

std::string_view ValueWord(const OptionRow& row) {
  if (row.is_switch) return "";
  switch (row.unit) {
    case Unit::kMilliseconds:
      return "MILLISECONDS";
    case Unit::kSeconds:
      return "SECONDS";
    case Unit::kBytes:
    case Unit::kCharacters:
      return "SIZE";
    case Unit::kNone:
      break;
  }
  if (!row.choices.empty()) return "WORD";
  if (row.range) return "NUMBER";
  RawOptions defaults;
  const Target target = row.target(defaults);
  if (std::holds_alternative<std::vector<std::string>*>(target)) return "LIST";
  return std::holds_alternative<std::string*>(target) ? "TEXT" : "BOOLEAN";
}

}  // namespace threefactor
