// SQL functions by which a transaction tells the workers of this database, when it commits, what they must read again.
#include "shared/shared.hpp"

namespace threefactor::database {
namespace {

// What this transaction will tell them.
bool definitions_changed = false;
bool parked_changed = false;
bool schedules_changed = false;

void OnTransaction(XactEvent event, void*) {
  if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE) return;
  if (event == XACT_EVENT_COMMIT && (definitions_changed || parked_changed || schedules_changed)) {
    shared::EnsureWorker();
    if (shared::DatabaseSlot* slot = shared::FindSlot()) {
      if (definitions_changed) pg_atomic_fetch_add_u32(&slot->definitions, 1);
      if (parked_changed) pg_atomic_fetch_add_u32(&slot->parked, 1);
      if (schedules_changed) pg_atomic_fetch_add_u32(&slot->schedules, 1);
      shared::RingDoorbell(*slot);
    }
  }
  definitions_changed = parked_changed = schedules_changed = false;
}

// Raises when the library was not preloaded.
void NoteChange(bool& changed) {
  static bool registered = false;
  (void)shared::State();
  if (!registered) RegisterXactCallback(OnTransaction, nullptr);
  registered = true;
  changed = true;
}

}  // namespace
}  // namespace threefactor::database

THREEFACTOR_SQL_FUNCTION(threefactor_definitions_changed);
THREEFACTOR_SQL_FUNCTION(threefactor_parked_changed);
THREEFACTOR_SQL_FUNCTION(threefactor_schedules_changed);

// The workers read event triggers again after this transaction has committed.
Datum threefactor_definitions_changed(PG_FUNCTION_ARGS) {
  threefactor::database::NoteChange(threefactor::database::definitions_changed);
  PG_RETURN_VOID();
}

// Likewise with the parked deliveries.
Datum threefactor_parked_changed(PG_FUNCTION_ARGS) {
  threefactor::database::NoteChange(threefactor::database::parked_changed);
  PG_RETURN_VOID();
}

// Likewise with the schedules.
Datum threefactor_schedules_changed(PG_FUNCTION_ARGS) {
  threefactor::database::NoteChange(threefactor::database::schedules_changed);
  PG_RETURN_VOID();
}
