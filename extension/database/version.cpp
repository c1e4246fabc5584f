#include "database/version.hpp"

#include "shared/shared.hpp"

extern "C" {
#include <catalog/pg_extension.h>
#include <commands/dbcommands.h>
#include <utils/wait_event.h>
}

namespace threefactor::version {

namespace {

constexpr long kLookMilliseconds = 1000;

bool LookOnce(bool* said) {
  StartTransactionCommand();
  const char* installed = Installed();
  const bool done = !installed || IsCurrent(installed);
  if (!done && !*said)
    ereport(
        LOG,
        errmsg("threefactor: database \"%s\" has version %s of the extension, the library is %s: nothing is delivered",
               get_database_name(MyDatabaseId), installed, THREEFACTOR_VERSION),
        errhint("Run ALTER EXTENSION threefactor UPDATE in it."));
  *said = true;
  CommitTransactionCommand();
  return done;
}

}  // namespace

const char* Installed() {
  const Relation extensions = table_open(ExtensionRelationId, AccessShareLock);
  ScanKeyData key;
  ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ, CStringGetDatum("threefactor"));
  const SysScanDesc scan = systable_beginscan(extensions, ExtensionNameIndexId, true, nullptr, 1, &key);
  const char* installed = nullptr;
  if (const HeapTuple tuple = systable_getnext(scan); HeapTupleIsValid(tuple)) {
    bool null = false;
    const Datum value = heap_getattr(tuple, Anum_pg_extension_extversion, RelationGetDescr(extensions), &null);
    if (!null) installed = TextDatumGetCString(value);
  }
  systable_endscan(scan);
  table_close(extensions, AccessShareLock);
  return installed;
}

bool IsCurrent(const char* installed) {
  return strcmp(installed, THREEFACTOR_VERSION) == 0;
}

void AwaitCurrent() {
  bool said = false;
  for (int looks = 0; !LookOnce(&said); looks++) {
    // Databases that have something to deliver need the process.
    if (looks > 0 && pg_atomic_read_u32(&shared::State().lacking) > 0) proc_exit(0);
    pgstat_report_activity(STATE_IDLE, "waits for ALTER EXTENSION threefactor UPDATE");
    (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, kLookMilliseconds, PG_WAIT_EXTENSION);
    ResetLatch(MyLatch);
    CHECK_FOR_INTERRUPTS();
    if (ConfigReloadPending) {
      ConfigReloadPending = false;
      ProcessConfigFile(PGC_SIGHUP);
    }
  }
}

void RequireArguments(FunctionCallInfo fcinfo, int count) {
  if (PG_NARGS() == count) return;
  ereport(ERROR, errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
          errmsg("this function belongs to another version of the extension than its library, %s", THREEFACTOR_VERSION),
          errhint("Run ALTER EXTENSION threefactor UPDATE."));
}

}  // namespace threefactor::version
