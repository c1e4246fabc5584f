// Policies of permissions stand on columns, and Postgres refuses to drop a column, or to give it another type, while
// they do. Around such a statement of whoever owns the table they are taken away and made again from the permissions,
// which have followed (names.hpp) in between; all in one transaction, so that an error brings everything back. Policies
// made by hand are left alone. Postgres-side.
#pragma once

namespace threefactor::follow {

// In _PG_init, after the other hooks of the extension: the names are followed within it.
void InstallPolicyHook();

}  // namespace threefactor::follow
