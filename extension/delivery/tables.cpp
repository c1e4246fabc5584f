#include "delivery/tables.hpp"

#include <algorithm>

extern "C" {
#include <catalog/pg_inherits.h>
#include <storage/bufmgr.h>
}

namespace threefactor::delivery {

namespace {

// "..._12" is partition 12.
void FindPartitions(Oid parent, std::vector<outbox::Partition>* partitions) {
  partitions->clear();
  ListCell* cell;
  foreach (cell, find_inheritance_children(parent, AccessShareLock)) {
    const Oid table = lfirst_oid(cell);
    const char* name = get_rel_name(table);
    const char* number = name ? strrchr(name, '_') : nullptr;
    if (!number) continue;
    partitions->push_back({atoi(number + 1), table});
  }
  std::sort(partitions->begin(), partitions->end(),
            [](const outbox::Partition& a, const outbox::Partition& b) { return a.number < b.number; });
  if (partitions->empty()) elog(ERROR, "threefactor: table %u has no partitions", parent);
}

}  // namespace

const outbox::Partition& Tables::AttemptPartition(uint32 number) const {
  const auto found = std::find_if(attempt_partitions.begin(), attempt_partitions.end(),
                                  [&](const outbox::Partition& one) { return one.number == static_cast<int>(number); });
  return found == attempt_partitions.end() ? attempt_partitions.front() : *found;
}

void FindTables(shared::DatabaseSlot& slot, Tables* tables) {
  tables->generation = pg_atomic_read_u32(&slot.partitions);  // before the look
  pg_read_barrier();
  tables->outbox = InvalidOid;
  const Oid schema = get_namespace_oid("threefactor", true);
  if (!OidIsValid(schema) || !OidIsValid(get_extension_oid("threefactor", true))) return;
  tables->attempt = get_relname_relid("attempt", schema);
  tables->parked = get_relname_relid("parked", schema);
  tables->checkpoint = get_relname_relid("checkpoint", schema);
  const Oid outbox = get_relname_relid("outbox", schema);
  if (!OidIsValid(outbox) || !OidIsValid(tables->attempt)) return;
  FindPartitions(outbox, &tables->outbox_partitions);
  FindPartitions(tables->attempt, &tables->attempt_partitions);
  tables->outbox = outbox;
}

bool HoldOutbox(const Tables& tables) {
  const Relation outbox = try_table_open(tables.outbox, AccessShareLock);
  if (!outbox) return false;
  table_close(outbox, NoLock);
  return true;
}

bool IsEmpty(Oid table) {
  const Relation relation = table_open(table, AccessShareLock);
  const bool empty = RelationGetNumberOfBlocks(relation) == 0;
  table_close(relation, AccessShareLock);
  return empty;
}

void Truncate(Oid table) {
  SPI_connect();
  Execute(psprintf("TRUNCATE threefactor.%s", get_rel_name(table)), SPI_OK_UTILITY);
  SPI_finish();
}

void Execute(const char* statement, int expected) {
  const int result = SPI_execute(statement, false, 0);
  if (result != expected) elog(ERROR, "threefactor: '%s' gave %s", statement, SPI_result_code_string(result));
}

}  // namespace threefactor::delivery
