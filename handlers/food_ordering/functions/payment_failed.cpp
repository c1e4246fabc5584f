#include "functions.hpp"

namespace threefactor::food_ordering {

kit::Reply PaymentFailed(kit::Database& database, const kit::Call& call) {
  const std::string order_id = call.Text("order_id");
  const int code = call.Integer("code");
  if (code != kPaymentDeclined) throw kit::Rejected(400, "payment-failed resolves error 1001 only");
  std::string result;
  database.Transact([&](kit::Transaction& transaction) {
    const kit::Rows order = transaction.Run(
        "SELECT payment_valid IS NOT NULL AND NOT payment_valid FROM orders WHERE order_id = $1 FOR UPDATE",
        {order_id});
    if (order.empty()) {
      result = "no such order";
    } else if (order.Boolean(0, 0)) {
      result = "already resolved";
    } else if (!transaction.Run("SELECT FROM payments WHERE order_id = $1 LIMIT 1", {order_id}).empty()) {
      // A statement after the one that took the lock, so that it sees what that waited for.
      result = "paid in the meantime";
    } else {
      transaction.Run("UPDATE orders SET payment_valid = false WHERE order_id = $1", {order_id});
      result = "payment invalid";
    }
  });
  return kit::ReplyWith(200, {{"order_id", order_id}, {"result", result}});
}

}  // namespace threefactor::food_ordering
