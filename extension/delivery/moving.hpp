// Sets aside all that is undelivered, for a dump that moves the database (sql/moving.sql): deliveries that are not
// settled become rows of parked, whatever their event triggers do. C++-side.
#pragma once

#include "delivery/journal.hpp"

namespace threefactor::delivery {

// In one transaction, which begins the journal anew behind all that is committed now and says in threefactor.origin how
// far it got. REQUIRES: no worker of this database runs but this one, which has not recovered. Throws; then nothing has
// happened.
void SetAllAside(Journal& journal);

}  // namespace threefactor::delivery
