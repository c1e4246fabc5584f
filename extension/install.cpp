// What the extension script calls while CREATE EXTENSION runs.
#include "launcher/launcher.hpp"
#include "shared/shared.hpp"
#include "signal/publication.hpp"

THREEFACTOR_SQL_FUNCTION(threefactor_start_worker);

// Raises with its hint when the library is not preloaded: the extension is useless without its worker and hooks.
Datum threefactor_start_worker(PG_FUNCTION_ARGS) {
  (void)threefactor::shared::State();
  threefactor::launcher::WantWorkerAtCommit();
  threefactor::signal::WarnOfAllTablesPublications();
  PG_RETURN_VOID();
}
