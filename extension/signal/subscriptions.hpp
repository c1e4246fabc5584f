// Tables of the extension belong to one database. A publication of all tables has them, and what a subscription applied
// to them here would count as our own: events of another database posted to our webhooks, its truncations of the
// outbox, its journal. So they are in no subscription, and the outbox takes no row from one. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::signal {

// After a statement that makes a subscription or changes its tables: takes ours out of it, so that nothing is copied
// into them or applied to them, and says so.
void LeaveSubscription(const Node* statement);

}  // namespace threefactor::signal
