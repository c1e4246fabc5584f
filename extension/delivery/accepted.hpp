// Forgetting of accepted idempotency keys (sql/accept.sql). Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::delivery {

// Empties the partition that is not written to, if nobody has to be waited for. In a transaction of the worker.
void ForgetAccepted();

}  // namespace threefactor::delivery
