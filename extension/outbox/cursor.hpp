// Where the outbox's cursor (event/snapshot.hpp) meets Postgres: snapshots, and the durability of what they
// show. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

#include "event/snapshot.hpp"

namespace threefactor::outbox {

// The active snapshot as plain data.
void TakeSnapshot(Snapshot* snapshot);

// How far the log must be flushed before the commit of `xid` (finished) is durable; InvalidXLogRecPtr: it is already.
XLogRecPtr CommitToFlush(uint64 xid);

// Where the log ends now: all commits that a snapshot taken before shows stand before it.
XLogRecPtr EndOfLog();

// What threefactor.deliver_after asks for has happened to the log up to `position`, as far as standbys are concerned:
// true unless it says `replicated`, synchronous standbys are configured and they have not confirmed it.
bool IsReplicated(XLogRecPtr position);

}  // namespace threefactor::outbox
