#include "pg/prelude.hpp"

#include "settings.hpp"

#include "shared.hpp"

namespace threefactor::settings {

int max_databases = 16;
bool deliver = true;
int deliver_after = kFlush;
int workers = 1;
int concurrency = 64;
int connect_timeout = 5000;
int max_payload_size = 8192;
int max_response_size = 16;
int outbox_partition_size = 64;
int retention = 24 * 60 * 60;
char* environment_variables = nullptr;

namespace {

void DefineInt(const char* name, const char* description, int* variable, int minimum, int maximum, GucContext context,
               int flags) {
  DefineCustomIntVariable(name, description, nullptr, variable, *variable, minimum, maximum, context, flags, nullptr,
                          nullptr, nullptr);
}

}  // namespace

void Define() {
  DefineInt("threefactor.max_databases", "Databases of this cluster that may have the extension.", &max_databases, 1,
            256, PGC_POSTMASTER, 0);
  DefineCustomBoolVariable("threefactor.deliver", "Post events to their webhooks; off: events wait in the outbox.",
                           nullptr, &deliver, true, PGC_SIGHUP, 0, nullptr, nullptr, nullptr);
  static const config_enum_entry kDeliverAfter[] = {
      {"flush", kFlush, false}, {"replicated", kReplicated, false}, {nullptr, 0, false}};
  DefineCustomEnumVariable("threefactor.deliver_after", "What a commit must have reached before its events are posted.",
                           "replicated: also the disks of the synchronous standbys, if there are any.", &deliver_after,
                           kFlush, kDeliverAfter, PGC_SIGHUP, 0, nullptr, nullptr, nullptr);
  DefineInt("threefactor.workers", "Delivery workers of a database.", &workers, 1, shared::kMostWorkers, PGC_SUSET, 0);
  DefineInt("threefactor.concurrency", "Requests that one delivery worker may have in flight.", &concurrency, 1, 4096,
            PGC_SIGHUP, 0);
  DefineInt("threefactor.connect_timeout", "Time to connect to a webhook, name lookup included.", &connect_timeout, 100,
            600000, PGC_SIGHUP, GUC_UNIT_MS);
  DefineInt("threefactor.max_payload_size", "Largest row data of one event; past it the data is left out and marked.",
            &max_payload_size, 1, 512 * 1024, PGC_SUSET, GUC_UNIT_KB);
  DefineInt("threefactor.max_response_size", "How much of a webhook's response is kept.", &max_response_size, 0, 1024,
            PGC_SIGHUP, GUC_UNIT_KB);
  DefineInt("threefactor.outbox_partition_size", "Size at which the outbox moves on to its next partition.",
            &outbox_partition_size, 1, 1024 * 1024, PGC_SIGHUP, GUC_UNIT_MB);
  DefineInt("threefactor.retention", "How long delivered events and their attempts stay readable.", &retention, 0,
            INT_MAX, PGC_SIGHUP, GUC_UNIT_S);
  DefineCustomStringVariable("threefactor.environment_variables",
                             "Names of environment variables of the server that webhook URLs and headers may use.",
                             "A comma-separated list; * at the end of a name matches any rest.", &environment_variables,
                             "WEBHOOK_*,EVENT_*", PGC_SUSET, GUC_SUPERUSER_ONLY, nullptr, nullptr, nullptr);
  MarkGUCPrefixReserved("threefactor");
}

}  // namespace threefactor::settings
