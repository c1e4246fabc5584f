#include <fmt/format.h>

#include "functions.hpp"

namespace threefactor::food_ordering {

namespace {

// What is wrong with the order; empty: nothing.
std::string Problem(kit::Transaction& transaction, const std::string& order_id, const std::string& address) {
  if (address.find_first_not_of(" \t\r\n") == std::string::npos) return "the address is empty";
  const kit::Rows unknown = transaction.Run(
      "SELECT item FROM items WHERE order_id = $1 AND item NOT IN (SELECT name FROM menu_items) ORDER BY item LIMIT 1",
      {order_id});
  if (!unknown.empty()) return fmt::format("'{}' is not on the menu", unknown.Text(0, 0));
  return "";
}

}  // namespace

kit::Reply ValidateOrder(kit::Database& database, const kit::Call& call) {
  const std::string order_id = call.Text("order_id");
  std::string result;
  database.Transact([&](kit::Transaction& transaction) {
    const kit::Rows order =
        transaction.Run("SELECT order_valid, address FROM orders WHERE order_id = $1 FOR UPDATE", {order_id});
    if (order.empty()) {
      result = "no such order";
    } else if (order.Boolean(0, 0)) {
      result = "already valid";
    } else if (const std::string problem = Problem(transaction, order_id, order.Text(0, 1)); !problem.empty()) {
      transaction.Run(
          "INSERT INTO order_errors (order_id, code, message) SELECT $1, $2, $3 "
          "WHERE NOT EXISTS (SELECT FROM order_errors WHERE order_id = $1 AND code = $2::integer)",
          {order_id, std::to_string(kInvalidOrder), problem});
      result = "invalid: " + problem;
    } else {
      transaction.Run("UPDATE orders SET order_valid = true WHERE order_id = $1", {order_id});
      result = "valid";
    }
  });
  return kit::ReplyWith(200, {{"order_id", order_id}, {"result", result}});
}

}  // namespace threefactor::food_ordering
