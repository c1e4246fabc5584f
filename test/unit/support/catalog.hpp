// A small catalog for tests of the gateway's pure stages: part of the food-ordering schema, with what one role may do.
#pragma once

#include <memory>

#include "schema/catalog.hpp"
#include "schema/type_system.hpp"

namespace threefactor::test {

// orders(order_id text primary key, user_id text, restaurant_id integer, payment_valid boolean null, total numeric,
//        details jsonb null, tags text[] null, created timestamptz)
// items(id integer primary key, order_id text references orders, item text); number_orders(count bigint), a view.
// orders.items is an array relationship, items.order an object relationship. The role may do everything.
schema::Catalog OrdersCatalog();

// The same, where the role may only read.
schema::Catalog ReadOnlyOrdersCatalog();

std::shared_ptr<const schema::Schema> BuildSchemaOf(schema::Catalog catalog);
// BuildSchemaOf(OrdersCatalog()), built once.
const schema::Schema& OrdersSchema();

}  // namespace threefactor::test
