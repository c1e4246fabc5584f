#include "pg/prelude.hpp"

#include "settings/settings.hpp"

#include <stdexcept>

#include "http/egress.hpp"
#include "pg/guard.hpp"

namespace threefactor::settings {

int max_databases = 16;
int max_endpoints = 1024;
bool deliver = true;
int deliver_after = kFlush;
int workers = 1;
bool log_deliveries = false;
int concurrency = 64;
int connect_timeout = 5000;
int max_payload_size = 8192;
int worker_memory = 256;
int max_response_size = 16;
int outbox_partition_size = 64;
int max_outbox_size = 0;
int retention = 24 * 60 * 60;
int appliers = 4;
int apply_timeout = 30 * 1000;
int apply_lock_timeout = 5 * 1000;
char* allowed_networks = nullptr;
char* denied_networks = nullptr;
char* ca_file = nullptr;
char* webhook_origin = nullptr;
char* proxy = nullptr;
int accept_retention = 7 * 24 * 60 * 60;
char* environment_variables = nullptr;
bool take_over_roles = false;
char* noted_dependents = nullptr;

namespace {

void DefineInt(const char* name, const char* description, const char* more, int* variable, int minimum, int maximum,
               GucContext context, int flags) {
  DefineCustomIntVariable(name, description, more, variable, *variable, minimum, maximum, context, flags, nullptr,
                          nullptr, nullptr);
}

void DefineText(const char* name, const char* description, const char* more, char** variable, const char* value,
                int flags, GucStringCheckHook check) {
  DefineCustomStringVariable(name, description, more, variable, value, PGC_SIGHUP, flags, check, nullptr, nullptr);
}

// "This" network, link-local addresses, where clouds keep their metadata, multicast, reserved, unspecified.
constexpr char kNeverWebhooks[] =
    "0.0.0.0/8, 169.254.0.0/16, 100.100.100.200, 168.63.129.16, 192.0.0.192, 224.0.0.0/3, "
    "::/128, fe80::/10, fd00:ec2::254, fd20:ce::254, ff00::/8";

constexpr char kHostCharacters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";

bool CheckNetworks(char** list, void**, GucSource) {
  char wrong[64] = "";
  pg::Entered([&] {
    try {
      (void)delivery::ParseNetworks(*list);
    } catch (const std::invalid_argument& part) {
      strlcpy(wrong, part.what(), sizeof wrong);
    }
  });
  if (wrong[0] == '\0') return true;
  GUC_check_errdetail("\"%s\" is not an address or network.", wrong);
  GUC_check_errhint("Write, for example, \"10.0.0.0/8, fe80::/10, 192.0.2.1\".");
  return false;
}

bool CheckOrigin(char** origin, void**, GucSource) {
  const std::size_t size = strlen(*origin);
  if (size > 0 && size <= 255 && strspn(*origin, kHostCharacters) == size) return true;
  GUC_check_errdetail("It must be a host name.");
  return false;
}

}  // namespace

void Define() {
  DefineInt("threefactor.max_databases", "Databases of this cluster that may have the extension.",
            "Each takes one of max_worker_processes, and the launcher takes one. With fewer, databases take turns of "
            "ten seconds.",
            &max_databases, 1, 256, PGC_POSTMASTER, 0);
  DefineInt("threefactor.max_endpoints", "Endpoints whose limits hold over all delivery workers of a database.",
            "Beyond this number, limits hold for each worker by itself.", &max_endpoints, 16, 65536, PGC_POSTMASTER, 0);
  DefineCustomBoolVariable("threefactor.deliver", "Posts events to their webhooks. Off: events wait in the outbox.",
                           nullptr, &deliver, true, PGC_SIGHUP, 0, nullptr, nullptr, nullptr);
  static const config_enum_entry kDeliverAfter[] = {
      {"flush", kFlush, false}, {"replicated", kReplicated, false}, {nullptr, 0, false}};
  DefineCustomEnumVariable("threefactor.deliver_after", "What a commit must have reached before its events are posted.",
                           "flush: the disk of this server. replicated: also the disks of the synchronous standbys, "
                           "if there are any.",
                           &deliver_after, kFlush, kDeliverAfter, PGC_SIGHUP, 0, nullptr, nullptr, nullptr);
  DefineInt("threefactor.workers", "Delivery workers of a database.",
            "A value of ALTER DATABASE ... SET counts from the next reload on.", &workers, 1, kMostWorkers, PGC_SUSET,
            0);
  DefineCustomBoolVariable("threefactor.log_deliveries", "Writes a line to the server's log for each attempt.", nullptr,
                           &log_deliveries, false, PGC_SIGHUP, 0, nullptr, nullptr, nullptr);
  DefineInt("threefactor.concurrency", "Requests that one delivery worker may have in flight.", nullptr, &concurrency,
            1, 4096, PGC_SIGHUP, 0);
  DefineInt("threefactor.connect_timeout", "Time to connect to a webhook, name lookup included.", nullptr,
            &connect_timeout, 100, 600000, PGC_SIGHUP, GUC_UNIT_MS);
  // A quarter of what one value in Postgres may have: some encodings take three times as much in UTF-8.
  DefineInt("threefactor.max_payload_size", "Largest data of one event, as JSON in UTF-8.",
            "A larger row is left out of its event, which says so; the write does not fail. Larger payloads of emit, "
            "invoke and schedules are refused.",
            &max_payload_size, 1, 256 * 1024, PGC_SUSET, GUC_UNIT_KB);
  DefineInt("threefactor.worker_memory", "Memory for the events that a delivery worker holds, about.",
            "When it is used up, each event trigger has one event in memory. An event that needs more than an eighth "
            "of it, and more than max_payload_size, becomes a dead letter.",
            &worker_memory, 16, 2048, PGC_SIGHUP, GUC_UNIT_MB);
  DefineInt("threefactor.max_response_size", "How much of a webhook's response is kept.", nullptr, &max_response_size,
            0, 1024, PGC_SIGHUP, GUC_UNIT_KB);
  DefineInt("threefactor.outbox_partition_size", "Size at which the outbox continues in its next partition.", nullptr,
            &outbox_partition_size, 1, 1024 * 1024, PGC_SIGHUP, GUC_UNIT_MB);
  DefineInt("threefactor.max_outbox_size",
            "Size of outbox and attempts above which settled events are removed before their retention ends.",
            "0: no such size. Events that are not settled are kept, however large they are together.", &max_outbox_size,
            0, INT_MAX, PGC_SIGHUP, GUC_UNIT_MB);
  DefineInt("threefactor.retention", "How long delivered events and their attempts stay readable.", nullptr, &retention,
            0, INT_MAX, PGC_SIGHUP, GUC_UNIT_S);
  DefineInt("threefactor.accept_retention", "How long an accepted idempotency key is remembered at least.",
            "It is forgotten after twice this time at the latest.", &accept_retention, 1, INT_MAX, PGC_SIGHUP,
            GUC_UNIT_S);
  DefineInt("threefactor.appliers", "Processes of one delivery worker that run apply statements.",
            "They start when there are such statements, and count as max_worker_processes. One event trigger gets an "
            "equal part of them, at most half, or all but one if its statements are fast.",
            &appliers, 1, 64, PGC_SIGHUP, 0);
  DefineInt("threefactor.apply_timeout", "Time that an apply statement may take.",
            "A statement that catches its cancellation is ended two seconds later, with its process.", &apply_timeout,
            1, 3600 * 1000, PGC_SIGHUP, GUC_UNIT_MS);
  DefineInt("threefactor.apply_lock_timeout", "Time that an apply statement waits for a lock.", nullptr,
            &apply_lock_timeout, 1, 3600 * 1000, PGC_SIGHUP, GUC_UNIT_MS);
  DefineCustomStringVariable("threefactor.environment_variables",
                             "Names of environment variables of the server that webhooks and headers may use.",
                             "A comma-separated list; * at the end of a name matches any rest.", &environment_variables,
                             "WEBHOOK_*,EVENT_*", PGC_SUSET, GUC_SUPERUSER_ONLY, nullptr, nullptr, nullptr);
  DefineCustomBoolVariable("threefactor.take_over_roles",
                           "CREATE EXTENSION gives its rights to existing roles of its names, with all their members.",
                           "As a setting of such a role it says that the role belongs to the extension.",
                           &take_over_roles, false, PGC_SUSET, 0, nullptr, nullptr, nullptr);
  DefineCustomStringVariable("threefactor.noted_dependents", "What note_dependents remembers for check_dependents.",
                             "Internal: set by the extension, for one transaction.", &noted_dependents, "", PGC_SUSET,
                             GUC_SUPERUSER_ONLY | GUC_NO_SHOW_ALL | GUC_NO_RESET_ALL | GUC_NOT_IN_SAMPLE, nullptr,
                             nullptr, nullptr);
  DefineText("threefactor.allowed_networks", "Networks that webhooks may be in. Empty: all that are not denied.",
             "A comma-separated list of addresses and networks in CIDR notation.", &allowed_networks, "", 0,
             CheckNetworks);
  DefineText("threefactor.denied_networks", "Networks that no webhook may be in, allowed or not.",
             "A comma-separated list of addresses and networks in CIDR notation. By default link-local addresses, "
             "where clouds keep their metadata, and addresses that are no host.",
             &denied_networks, kNeverWebhooks, 0, CheckNetworks);
  DefineText("threefactor.ca_file", "PEM file of the authorities that certificates of webhooks are checked with.",
             "Empty: those of the system.", &ca_file, "", GUC_SUPERUSER_ONLY, nullptr);
  DefineText("threefactor.webhook_origin", "Host name by which endpoints with \"validate\": true know this server.",
             "It is sent as WebHook-Request-Origin and Origin (CloudEvents).", &webhook_origin, "threefactor", 0,
             CheckOrigin);
  DefineText("threefactor.proxy", "URL of the HTTP proxy through which webhooks are called. Empty: none.",
             "The proxy of the server's environment is never used. Networks are compared with the proxy's address.",
             &proxy, "", GUC_SUPERUSER_ONLY, nullptr);
  MarkGUCPrefixReserved("threefactor");
}

}  // namespace threefactor::settings
