// The functions of the food-ordering app: one step of the workflow each. All of them read the current state of the
// order under a lock, in the transaction that changes it, and never trust the row that came with the event: it may be
// old, come twice, or come after a later one. A step that is done already, or no longer wanted, is a success that
// changes nothing.
#pragma once

#include "kit/call.hpp"
#include "kit/database.hpp"

namespace threefactor::food_ordering {

// An order was inserted: sets order_valid when every item of it is on the menu and it has an address; else records
// error 1002 and leaves it invalid.
kit::Reply ValidateOrder(kit::Database& database, const kit::Call& call);

// The frontend pays, {order_id, metadata: {amount, type}, info}: records the payment and sets payment_valid, once per
// order. A negative amount is declined: records error 1001 for payment-failed to resolve, and fails (402).
kit::Reply Payment(kit::Database& database, const kit::Call& call);

// payment_valid became true: the restaurant approves.
kit::Reply RestaurantApproval(kit::Database& database, const kit::Call& call);

// approved became true: assigns a driver and sets driver_assigned, once per order.
kit::Reply AgentAssignment(kit::Database& database, const kit::Call& call);

// Error 1001 was recorded: resolves it by setting payment_valid to false, so that the frontend can ask for another
// payment; an order that has been paid in the meantime is left as it is.
kit::Reply PaymentFailed(kit::Database& database, const kit::Call& call);

inline constexpr int kPaymentDeclined = 1001;
inline constexpr int kInvalidOrder = 1002;

}  // namespace threefactor::food_ordering
