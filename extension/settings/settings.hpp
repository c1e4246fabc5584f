// Every setting threefactor.* (GUC): one home. Units and ranges stand in settings.cpp. Postgres-side.
#pragma once

namespace threefactor::settings {

inline constexpr int kMostWorkers = 16;  // of one database

extern int max_databases;    // databases with the extension; fixed at server start
extern int max_endpoints;    // whose limits hold over all workers; fixed at server start
extern bool deliver;         // post events; off: they wait
extern bool log_deliveries;  // a line in the log for each attempt
enum DeliverAfter { kFlush, kReplicated };
extern int deliver_after;            // what must have happened to a commit before its events are posted: DeliverAfter
extern int workers;                  // of a database
extern int concurrency;              // requests in flight per worker
extern int connect_timeout;          // milliseconds
extern int max_payload_size;         // kilobytes of one event's rows as JSON
extern int worker_memory;            // megabytes of events that a delivery worker holds
extern int max_response_size;        // kilobytes kept of a response
extern int outbox_partition_size;    // megabytes at which the outbox moves to its next partition
extern int max_outbox_size;          // megabytes past which the retention does not count; 0: it always does
extern int retention;                // seconds that delivered events and attempts stay readable
extern char* allowed_networks;       // CIDR list that webhooks may be in; empty: all
extern char* denied_networks;        // CIDR list that no webhook may be in
extern char* ca_file;                // PEM bundle; empty: the system's authorities
extern char* webhook_origin;         // host name that endpoints are asked for consent with
extern char* proxy;                  // URL; empty: none
extern int accept_retention;         // seconds that an accepted idempotency key is remembered at least
extern int appliers;                 // processes of one worker that run apply statements
extern int apply_timeout;            // milliseconds of one apply statement
extern int apply_lock_timeout;       // milliseconds that it waits for a lock
extern char* environment_variables;  // names (with *) that URLs and headers may use
extern bool take_over_roles;         // CREATE EXTENSION takes roles that it has not made (sql/rights.sql)
extern char* noted_dependents;       // of sql/dependents.sql

void Define();

}  // namespace threefactor::settings
