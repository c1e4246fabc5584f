// What the current transaction has changed, in relations: gathered while it runs, published to the ring of change
// signals by its commit callback, after its changes are visible. Whether anyone watches is asked only then, so that no
// registration can miss a change. Postgres-side.
#pragma once

#include "shared/shared.hpp"

namespace threefactor::signal {

// Relations that one transaction can list; with more, it has touched everything.
inline constexpr int kMaxTouched = 64;

// Left out: temporary tables, catalogs, and the tables of the schema threefactor.
void TouchRelation(Oid relation);
void TouchSchema();  // DDL
void TouchEverything();

// Publishes at once, outside the set of a transaction: for changes that a COMMIT PREPARED made visible.
void PublishEverything();

// In _PG_init.
void RegisterCallbacks();

}  // namespace threefactor::signal
