// Every setting threefactor.* (GUC): one home. Units and ranges stand in settings.cpp. Postgres-side.
#pragma once

namespace threefactor::settings {

extern int max_databases;  // databases with the extension; fixed at server start
extern bool deliver;       // post events; off: they wait
enum DeliverAfter { kFlush, kReplicated };
extern int deliver_after;            // what must have happened to a commit before its events are posted: DeliverAfter
extern int workers;                  // of a database
extern int concurrency;              // requests in flight per worker
extern int connect_timeout;          // milliseconds
extern int max_payload_size;         // kilobytes of one event's rows as JSON
extern int max_response_size;        // kilobytes kept of a response
extern int outbox_partition_size;    // megabytes at which the outbox moves to its next partition
extern int retention;                // seconds that delivered events and attempts stay readable
extern char* environment_variables;  // names (with *) that URLs and headers may use

void Define();

}  // namespace threefactor::settings
