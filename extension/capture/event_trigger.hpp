// Whether a row trigger is a part of an event trigger of this database. Anybody may make a trigger that calls our
// function, and a dump of a table carries its row triggers into databases where their numbers mean something else: what
// belongs to no event trigger captures nothing. Postgres-side.
#pragma once

#include "capture/arguments.hpp"

namespace threefactor::capture {

// Whether there is an event trigger of the name in the arguments whose present definition they name, on `relation`: the
// table that the row trigger was made on. Whatever the rights and the snapshot of the session are. Raises when the
// tables of the extension are missing.
bool BelongsToEventTrigger(Oid relation, const Arguments& arguments);

// A WARNING, once in a session for each `trigger` (of `relation`), that it captures nothing. `made`: the OID of the
// trigger that somebody made, where this one is the clone of a partition.
void WarnThatNothingIsCaptured(Relation relation, const Trigger& trigger, Oid made);

}  // namespace threefactor::capture
