// The key of order of a change: a 64-bit hash of the values of some columns. Deliveries of one event trigger with equal
// keys keep the order of their changes. Equal values have equal keys, by the types' own hash functions and the columns'
// collations; different values may share a key, which only orders more than was asked for. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

#include "capture/arguments.hpp"

namespace threefactor::capture {

struct OrderKey;

// Whether values of the type can be a part of a key.
bool IsHashable(Oid type);

// For rows of `relation`, in the current memory context; null when no order was asked for. A column that is gone, or
// can no longer be hashed, takes no part.
OrderKey* DescribeOrderKey(Relation relation, const Names& columns);

// Never 0, which stands for "not ordered" in the outbox.
uint64 KeyOf(const OrderKey& key, TupleTableSlot* row);

}  // namespace threefactor::capture
