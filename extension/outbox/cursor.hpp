// Where the outbox's cursor (delivery/pure/snapshot.hpp) meets Postgres: snapshots, and the durability of what they
// show. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

#include "delivery/pure/snapshot.hpp"

namespace threefactor::outbox {

// The active snapshot as plain data.
void TakeSnapshot(delivery::Snapshot* snapshot);

// How far the log must be flushed before the commit of `xid` (finished) is durable; InvalidXLogRecPtr: it is already.
XLogRecPtr CommitToFlush(uint64 xid);

}  // namespace threefactor::outbox
