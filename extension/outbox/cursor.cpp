#include "outbox/cursor.hpp"

#include <algorithm>

#include "settings/settings.hpp"

extern "C" {
#include <access/xlog_internal.h>
#include <replication/syncrep.h>
#include <replication/walsender.h>
#include <replication/walsender_private.h>
}

namespace threefactor::outbox {

namespace {

uint64 Widen(TransactionId xid, FullTransactionId next) {
  uint64 epoch = EpochFromFullTransactionId(next);
  if (xid > XidFromFullTransactionId(next)) epoch--;
  return epoch << 32 | xid;
}

}  // namespace

void TakeSnapshot(Snapshot* snapshot) {
  const ::Snapshot active = GetActiveSnapshot();
  const FullTransactionId next = ReadNextFullTransactionId();  // not before anything the snapshot names
  snapshot->xmin = Widen(active->xmin, next);
  snapshot->xmax = Widen(active->xmax, next);
  snapshot->running.clear();
  for (uint32 i = 0; i < active->xcnt; i++) snapshot->running.push_back(Widen(active->xip[i], next));
  std::sort(snapshot->running.begin(), snapshot->running.end());
  // While a transaction is being prepared it is there twice, under its backend and as prepared; its rows are read once.
  snapshot->running.erase(std::unique(snapshot->running.begin(), snapshot->running.end()), snapshot->running.end());
}

XLogRecPtr CommitToFlush(uint64 xid) {
  const auto short_xid = static_cast<TransactionId>(xid);
  const uint64 next = U64FromFullTransactionId(ReadNextFullTransactionId());
  XLogRecPtr position = InvalidXLogRecPtr;
  LWLockAcquire(XactTruncationLock, LW_SHARED);
  // What is so old that its commit status has been cut away was flushed before that.
  const bool known = next - xid < (uint64{1} << 31) && !TransactionIdPrecedes(short_xid, pg::OldestXidWithStatus());
  if (known) position = TransactionIdGetCommitLSN(short_xid);
  LWLockRelease(XactTruncationLock);
  return position;
}

XLogRecPtr EndOfLog() {
  const XLogRecPtr end = GetXLogInsertRecPtr();
  // At the begin of a page it points behind a header that nobody has written yet.
  const XLogRecPtr page = end - end % XLOG_BLCKSZ;
  const int header = XLogSegmentOffset(page, wal_segment_size) == 0 ? SizeOfXLogLongPHD : SizeOfXLogShortPHD;
  return end - page <= static_cast<XLogRecPtr>(header) ? page : end;
}

bool IsReplicated(XLogRecPtr position) {
  const bool defined = max_wal_senders > 0 && SyncRepStandbyNames && SyncRepStandbyNames[0] != '\0';
  if (settings::deliver_after != settings::kReplicated || !defined) return true;
  LWLockAcquire(SyncRepLock, LW_SHARED);
  const XLogRecPtr confirmed = WalSndCtl->lsn[SYNC_REP_WAIT_FLUSH];
  LWLockRelease(SyncRepLock);
  return confirmed >= position;
}

}  // namespace threefactor::outbox
