#include <functional>

#include "functions.hpp"

namespace threefactor::food_ordering {

namespace {

constexpr std::size_t kDrivers = 10;

std::string ChooseDriver(const std::string& order_id) {
  return std::to_string(1 + std::hash<std::string>()(order_id) % kDrivers);
}

}  // namespace

kit::Reply AgentAssignment(kit::Database& database, const kit::Call& call) {
  const std::string order_id = call.Text("order_id");
  std::string result;
  database.Transact([&](kit::Transaction& transaction) {
    const kit::Rows order = transaction.Run("SELECT approved FROM orders WHERE order_id = $1 FOR UPDATE", {order_id});
    if (order.empty()) {
      result = "no such order";
    } else if (!order.Boolean(0, 0)) {
      result = "not approved";
    } else if (!transaction.Run("SELECT FROM assignment WHERE order_id = $1 LIMIT 1", {order_id}).empty()) {
      // A statement after the one that took the lock, so that it sees what that waited for.
      result = "already assigned";
    } else {
      transaction.Run("INSERT INTO assignment (order_id, driver_id) VALUES ($1, $2)",
                      {order_id, ChooseDriver(order_id)});
      transaction.Run("UPDATE orders SET driver_assigned = true WHERE order_id = $1", {order_id});
      result = "assigned";
    }
  });
  return kit::ReplyWith(200, {{"order_id", order_id}, {"result", result}});
}

}  // namespace threefactor::food_ordering
