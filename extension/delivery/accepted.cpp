#include "delivery/accepted.hpp"

#include "delivery/tables.hpp"
#include "settings/settings.hpp"

namespace threefactor::delivery {

namespace {

constexpr int kPartitions = 3;

// By the clock alone: whoever disagrees about it (a setting just changed, a clock set back) still meets the others.
int CurrentPartition() {
  const TimestampTz period = static_cast<TimestampTz>(settings::accept_retention) * USECS_PER_SEC;
  return static_cast<int>((GetCurrentTimestamp() / period) % kPartitions);
}

int UnwrittenPartition() {
  return (CurrentPartition() + 2) % kPartitions;
}

}  // namespace

void ForgetAccepted() {
  const int number = UnwrittenPartition();
  const Oid schema = get_namespace_oid("threefactor", true);
  const Oid table = OidIsValid(schema) ? get_relname_relid(psprintf("accepted_%d", number), schema) : InvalidOid;
  if (!OidIsValid(table) || IsEmpty(table)) return;
  if (!ConditionalLockRelationOid(table, AccessExclusiveLock)) return;
  if (UnwrittenPartition() == number) Truncate(table);
}

}  // namespace threefactor::delivery

THREEFACTOR_SQL_FUNCTION(threefactor_accept_partition);

// () -> integer
Datum threefactor_accept_partition(PG_FUNCTION_ARGS) {
  PG_RETURN_INT32(threefactor::delivery::CurrentPartition());
}
