// Where the server loads the library.
#include "pg/prelude.hpp"

#include "capture/buffer.hpp"
#include "delivery/endpoints.hpp"
#include "follow/policies.hpp"
#include "launcher/launcher.hpp"
#include "outbox/append.hpp"
#include "settings/settings.hpp"
#include "shared/shared.hpp"
#include "signal/hooks.hpp"
#include "signal/touched.hpp"

extern "C" {
PG_MODULE_MAGIC;
PGDLLEXPORT void _PG_init(void);
}

void _PG_init(void) {
  // Loaded late (LOAD, a call of a function): nothing is set up, and every function says what to do (shared::State).
  if (!process_shared_preload_libraries_in_progress) return;
  threefactor::settings::Define();
  threefactor::shared::Request();
  threefactor::delivery::RequestEndpoints();
  threefactor::capture::RegisterCallbacks();
  threefactor::outbox::RegisterCallbacks();
  threefactor::signal::RegisterCallbacks();
  threefactor::signal::InstallHooks();
  threefactor::follow::InstallPolicyHook();  // around them
  // pg_upgrade starts the old and the new server with everything in them: neither may deliver.
  if (!IsBinaryUpgrade) threefactor::launcher::Register();
}
