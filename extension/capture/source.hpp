// What a row trigger of ours captures, and how: worked out at its first firing in a backend, kept until something it
// was made from changes. Postgres-side.
//
// Its arguments say it (arguments.hpp). A column that is no longer there is left out.
#pragma once

#include "capture/order_key.hpp"
#include "capture/row.hpp"

namespace threefactor::capture {

// What makes a row of a partition one of the table that the event trigger was made on.
struct PartitionSource {
  TupleDesc root_descriptor;
  AttrMap* to_root;  // null: the columns are the same
};

struct Source {
  Oid trigger;   // key of the cache
  Oid relation;  // that the trigger is on
  Oid root;      // that the event trigger was made on: the partitioned table, or the same
  Oid made;      // the trigger of the root, of which this one is a clone, or the same
  Oid function;  // that the trigger calls: threefactor.capture
  bool valid;
  bool captures;  // false: the trigger belongs to no event trigger (event_trigger.hpp); the rest is not set
  int32 definition;
  Bitmapset* payload;   // column numbers; null: all
  Bitmapset* columns;   // of which one must change; null: any
  OrderKey* order_key;  // null: deliveries are in no order
  text* table_schema;   // of the root
  text* table_name;
  TableRendering* rendering;   // of the relation
  bool only_moves;             // the trigger serves moves between partitions (move.hpp), and makes no event otherwise
  PartitionSource* partition;  // null: not of a partition whose root is no partition itself
  MemoryContext context;       // holds all of this
};

// The source stays where it is until the end of the transaction.
Source& FindSource(Relation relation, const Trigger& trigger);

// At the end of a transaction: frees what is no longer valid, and forgets which triggers capture nothing.
void ForgetStaleSources();

}  // namespace threefactor::capture
