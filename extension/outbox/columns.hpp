// The columns of the outbox, from 0, in the order of sql/outbox.sql: for whoever appends rows and whoever reads them.
#pragma once

namespace threefactor::outbox {

enum Column {
  kPartition,
  kXid,
  kPosition,
  kEventId,
  kCreatedAt,
  kDefinitions,
  kOperation,
  kTableSchema,
  kTableName,
  kOldRow,
  kNewRow,
  kSessionVariables,
  kTraceContext,
  kOrderKeys,
  kColumnCount
};

// Later versions add columns at the end. Writers serve a database that still has those of an earlier one.
inline constexpr int kColumnsOfFirstVersion = kTraceContext + 1;

}  // namespace threefactor::outbox
