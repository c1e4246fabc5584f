#include "functions.hpp"

namespace threefactor::food_ordering {

kit::Reply RestaurantApproval(kit::Database& database, const kit::Call& call) {
  const std::string order_id = call.Text("order_id");
  std::string result;
  database.Transact([&](kit::Transaction& transaction) {
    const kit::Rows order =
        transaction.Run("SELECT payment_valid, approved FROM orders WHERE order_id = $1 FOR UPDATE", {order_id});
    if (order.empty()) {
      result = "no such order";
    } else if (order.Boolean(0, 1)) {
      result = "already approved";
    } else if (!order.Boolean(0, 0)) {
      result = "not paid";
    } else {
      transaction.Run("UPDATE orders SET approved = true WHERE order_id = $1", {order_id});
      result = "approved";
    }
  });
  return kit::ReplyWith(200, {{"order_id", order_id}, {"result", result}});
}

}  // namespace threefactor::food_ordering
