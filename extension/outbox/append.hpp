// The writing end of the event log: rows go straight into the partition that shared memory names, whatever the rights,
// search_path and row-level security of the session are. Postgres-side.
#pragma once

#include "shared/shared.hpp"

namespace threefactor::outbox {

enum class Operation : uint8 { kInsert, kUpdate, kDelete, kTruncate, kManual, kEmit, kError, kScheduled };

inline constexpr int kMaxDefinitions = 64;  // that one event can list; a change that matches more makes another event

// One event, ready to become a row; see sql/outbox.sql for the columns. Null pointers are SQL NULLs. What it points to
// is the caller's and must last for the call of Append only.
struct NewEvent {
  uint64 position;
  pg_uuid_t event_id;
  TimestampTz created_at;
  Operation operation;
  int definition_count;
  int32 definitions[kMaxDefinitions];
  uint64* order_keys;  // parallel to definitions; null: none of them is ordered
  text* table_schema;
  text* table_name;
  text* old_row;
  text* new_row;
  text* session_variables;
  text* trace_context;
};

// Inserts the events with the ids of the current (sub)transaction, and rings the worker's doorbell when the transaction
// commits. Holds RowExclusiveLock on that one partition until then. Raises when the outbox is missing.
void Append(shared::DatabaseSlot& slot, const NewEvent* events, int count);

// For functions that make events which no change of a row makes, and that no executor has looked at: raises when the
// transaction may not write. (Not for capture: deferred triggers may fire after SET TRANSACTION READ ONLY.)
void RefuseIfReadOnly(const char* command);

// The slot of this database, for a writer of events. Raises when there is none to be had.
shared::DatabaseSlot& RequireSlot();

// A random UUID (version 4).
pg_uuid_t NewEventId();

// In _PG_init.
void RegisterCallbacks();

}  // namespace threefactor::outbox
