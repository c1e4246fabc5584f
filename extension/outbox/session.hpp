// What the session says about who acts and within which trace: the settings hasura.user and hasura.tracecontext, which
// a gateway sets for the transaction. Text that is not JSON is ignored: a setting anyone may set never fails a write.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::outbox {

// The setting as JSON text in the current memory context; null when unset, empty or not JSON.
text* SessionVariables();
text* TraceContext();

}  // namespace threefactor::outbox
