#include "pg/prelude.hpp"

#include "delivery/rotation.hpp"

#include <algorithm>

#include "delivery/accepted.hpp"
#include "delivery/recovery.hpp"
#include "outbox/cursor.hpp"
#include "outbox/ordered_index.hpp"
#include "pg/transaction.hpp"
#include "settings/settings.hpp"

namespace threefactor::delivery {

namespace {

constexpr int64 kMegabyte = 1024 * 1024;

// Heap, TOAST and indexes.
int64 SizeOf(Oid table) {
  return DatumGetInt64(DirectFunctionCall1(pg_total_relation_size, ObjectIdGetDatum(table)));
}

bool IsLarge(Oid table) {
  return !IsEmpty(table) && SizeOf(table) > settings::outbox_partition_size * kMegabyte;
}

// The first empty partition after `current`, in the ring; -1: none.
int FindEmpty(const outbox::Partition* partitions, int count, int current) {
  for (int i = 1; i < count; i++) {
    const int candidate = (current + i) % count;
    if (IsEmpty(partitions[candidate].table)) return candidate;
  }
  return -1;
}

// Adds partition `number` to `parent`. False: somebody holds a lock that this would wait for.
bool Grow(Oid parent, int number) {
  if (!ConditionalLockRelationOid(parent, ShareUpdateExclusiveLock)) return false;
  const char* name = get_rel_name(parent);
  SPI_connect();
  // Attached rather than made as a partition, which would lock out every writer.
  Execute(psprintf("CREATE TABLE threefactor.%s_%d (LIKE threefactor.%s INCLUDING ALL EXCLUDING INDEXES)", name, number,
                   name),
          SPI_OK_UTILITY);
  Execute(psprintf("ALTER TABLE threefactor.%s ATTACH PARTITION threefactor.%s_%d FOR VALUES IN (%d)", name, name,
                   number, number),
          SPI_OK_UTILITY);
  Execute(psprintf("ALTER EXTENSION threefactor ADD TABLE threefactor.%s_%d", name, number), SPI_OK_UTILITY);
  SPI_finish();
  return true;
}

// Of the last row whose first column, an int8 or as good as one, is below `end`; false: there is none.
bool LastRow(const outbox::Partition& partition, const ScanKeyData* end, const char* first, const char* second,
             Datum* values) {
  const Relation table = table_open(partition.table, AccessShareLock);
  const Relation index = outbox::OpenOrderedIndex(table, get_attnum(partition.table, first), 0);
  const int keys = end ? 1 : 0;
  const IndexScanDesc scan = index_beginscan(table, index, GetActiveSnapshot(), keys, 0);
  TupleTableSlot* slot = table_slot_create(table, nullptr);
  index_rescan(scan, const_cast<ScanKeyData*>(end), keys, nullptr, 0);
  const bool found = index_getnext_slot(scan, BackwardScanDirection, slot);
  if (found) {
    bool null;
    values[0] = slot_getattr(slot, get_attnum(partition.table, first), &null);
    values[1] = slot_getattr(slot, get_attnum(partition.table, second), &null);
  }
  ExecDropSingleTupleTableSlot(slot);
  index_endscan(scan);
  index_close(index, AccessShareLock);
  table_close(table, AccessShareLock);
  return found;
}

bool IsOld(TimestampTz time) {
  return GetCurrentTimestamp() - time >= static_cast<int64>(settings::retention) * USECS_PER_SEC;
}

}  // namespace

bool Rotation::Run(std::int64_t checkpointed) {
  bool there = false;
  pinned_ = false;
  bool grown = false;
  pg::RunTransaction("move on to the next partition", [&] {
    there = HoldOutbox(tables_);
    if (!there) return;
    grown = MoveOutbox();
    grown = MoveAttempts() || grown;
  });
  if (!there) return false;
  if (grown) {
    pg_atomic_fetch_add_u32(&slot_.partitions, 1);  // used from the next run on: every worker sees this before
    pg::RunTransaction("find tables", [&] { FindTables(slot_, &tables_); });
  }
  checkpointed_ = {checkpointed};
  others_.clear();
  for (int worker = 1; worker < state_.share.workers; worker++)
    others_.push_back(NewestCheckpoint(worker, &checkpointed_.emplace_back()));
  next_outbox_ = (next_outbox_ + 1) % tables_.outbox_partitions.size();
  next_attempt_ = (next_attempt_ + 1) % tables_.attempt_partitions.size();
  pg::RunTransaction("empty partitions", [&] {
    if (!HoldOutbox(tables_)) return;
    too_large_ = IsTooLarge();
    EmptyOutbox(tables_.outbox_partitions[next_outbox_]);
    EmptyAttempts(tables_.attempt_partitions[next_attempt_]);
    ForgetAccepted();
  });
  if (pinned_) pg_atomic_fetch_add_u32(&slot_.pinned, 1);
  return true;
}

bool Rotation::IsTooLarge() const {
  if (settings::max_outbox_size == 0) return false;
  int64 size = 0;
  for (const auto* partitions : {&tables_.outbox_partitions, &tables_.attempt_partitions})
    for (const outbox::Partition& partition : *partitions) size += SizeOf(partition.table);
  return size > settings::max_outbox_size * kMegabyte;
}

// What is settled is kept for the retention, unless there is too much of it. What is not settled is kept.
bool Rotation::MayGo(TimestampTz newest) const {
  return too_large_ || IsOld(newest);
}

// Postgres-side from here on: the frames own nothing. True: a partition was made, which is found in the next run.
bool Rotation::MoveOutbox() {
  const auto& partitions = tables_.outbox_partitions;
  const auto number = static_cast<int>(pg_atomic_read_u32(&slot_.rotation));
  const auto current = std::find_if(partitions.begin(), partitions.end(),
                                    [&](const outbox::Partition& partition) { return partition.number == number; });
  if (current != partitions.end() && !IsLarge(current->table)) return false;
  const int next =
      FindEmpty(partitions.data(), static_cast<int>(partitions.size()), static_cast<int>(current - partitions.begin()));
  if (next < 0) return Grow(tables_.outbox, partitions.back().number + 1);
  pg_atomic_write_u32(&slot_.rotation, static_cast<uint32>(partitions[next].number));
  return false;
}

bool Rotation::MoveAttempts() {
  const auto& partitions = tables_.attempt_partitions;
  const outbox::Partition& current = tables_.AttemptPartition(pg_atomic_read_u32(&slot_.attempt_partition));
  if (!IsLarge(current.table)) return false;
  const int next =
      FindEmpty(partitions.data(), static_cast<int>(partitions.size()), static_cast<int>(&current - partitions.data()));
  if (next < 0) return Grow(tables_.attempt, partitions.back().number + 1);
  pg_atomic_write_u32(&slot_.attempt_partition, static_cast<uint32>(partitions[next].number));
  return false;
}

void Rotation::EmptyOutbox(const outbox::Partition& partition) {
  Datum last[2];
  if (static_cast<uint32>(partition.number) == pg_atomic_read_u32(&slot_.rotation) || IsEmpty(partition.table)) return;
  // Without a row that anybody can see there is nothing to wait for. The last transaction is about the youngest: the
  // retention is not a matter of seconds.
  if (LastRow(partition, nullptr, "xid", "created_at", last) && !MayGo(DatumGetTimestampTz(last[1]))) return;
  outbox::TakeSnapshot(&seen_);
  pinned_ = !AllSettled(partition);
  if (pinned_) return;

  if (!ConditionalLockRelationOid(partition.table, AccessExclusiveLock)) return;
  // Nobody is writing to it now. What came since it was looked through?
  PushActiveSnapshot(GetLatestSnapshot());
  outbox::Reader reader;
  reader.Begin(&partition, 1);
  reader.Seek({seen_.xmin, PG_INT64_MAX, std::nullopt});
  outbox::Row row;
  bool newer = false;
  while (!newer && reader.NextPlace(&row)) newer = !seen_.Finished(row.xid);
  reader.End();
  PopActiveSnapshot();
  if (!newer) Truncate(partition.table);
}

// As far as the active snapshot sees. Below the cursors and the unsettled there is nothing to look at.
bool Rotation::AllSettled(const outbox::Partition& partition) {
  uint64 first = state_.cursor.consumed.xmin;
  for (const auto& [id, queue] : state_.queues) {
    if (queue.own) first = Min(first, queue.own->consumed.xmin);
    for (const EventOrder event : queue.unsettled) first = Min(first, event.xid);
  }
  for (const Checkpoint& other : others_) {
    first = Min(first, other.cursor.consumed.xmin);
    for (const auto& [id, cursor] : other.detached) first = Min(first, cursor.consumed.xmin);
    for (const auto& [id, events] : other.unsettled)
      for (const EventOrder event : events) first = Min(first, event.xid);
  }
  outbox::Reader reader;
  reader.Begin(&partition, 1);
  reader.Seek({first, PG_INT64_MAX, std::nullopt});
  outbox::Row row;
  bool settled = true;
  while (settled && reader.NextPlace(&row)) settled = !IsUnsettled({row.xid, row.position});
  reader.End();
  return settled;
}

// A detached trigger that has not come by: its definitions are not looked at, it may be concerned. Nor who owns what.
bool Rotation::IsUnsettled(EventOrder event) const {
  if (!Passed(state_.cursor, event)) return true;
  for (const auto& [id, queue] : state_.queues)
    if ((queue.own && !Passed(*queue.own, event)) || queue.unsettled.contains(event)) return true;
  for (const Checkpoint& other : others_) {
    if (!Passed(other.cursor, event)) return true;
    for (const auto& [id, cursor] : other.detached)
      if (!Passed(cursor, event)) return true;
    for (const auto& [id, events] : other.unsettled)
      if (std::find(events.begin(), events.end(), event) != events.end()) return true;
  }
  return false;
}

void Rotation::EmptyAttempts(const outbox::Partition& partition) {
  if (partition.number == tables_.AttemptPartition(pg_atomic_read_u32(&slot_.attempt_partition)).number ||
      IsEmpty(partition.table) || !AttemptsAreOld(partition))
    return;
  if (!ConditionalLockRelationOid(partition.table, AccessExclusiveLock)) return;
  // Another worker may not have noticed yet that attempts go elsewhere now.
  PushActiveSnapshot(GetLatestSnapshot());
  const bool old = AttemptsAreOld(partition);
  PopActiveSnapshot();
  if (old) Truncate(partition.table);
}

// And older than the newest checkpoints: recovery reads the attempts after these.
bool Rotation::AttemptsAreOld(const outbox::Partition& partition) const {
  for (int worker = 0; worker < shared::kMostWorkers; worker++) {
    ScanKeyData end;
    ScanKeyInit(&end, 1, BTLessStrategyNumber, F_INT8LT, Int64GetDatum(FirstSequence(worker + 1)));
    Datum last[2];
    if (!LastRow(partition, &end, "sequence", "started_at", last)) continue;
    const int64 sequence = DatumGetInt64(last[0]);
    if (sequence <= FirstSequence(worker)) continue;  // of a worker before
    const auto place = static_cast<std::size_t>(worker);
    if (place < checkpointed_.size() && sequence > checkpointed_[place]) return false;
    if (!MayGo(DatumGetTimestampTz(last[1]))) return false;
  }
  return true;
}

}  // namespace threefactor::delivery
