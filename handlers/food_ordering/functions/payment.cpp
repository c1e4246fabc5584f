#include <fmt/format.h>

#include "functions.hpp"

namespace threefactor::food_ordering {

kit::Reply Payment(kit::Database& database, const kit::Call& call) {
  const std::string order_id = call.Text("order_id");
  const int amount = call.Integer("metadata.amount");
  const std::string type = call.Text("metadata.type");
  enum class Outcome { kNoOrder, kAlreadyPaid, kDeclined, kPaid } outcome{};
  database.Transact([&](kit::Transaction& transaction) {
    // Two statements: the second has a snapshot of its own, taken after the lock, so it sees what a payment that we
    // waited for has committed. One statement would not.
    if (transaction.Run("SELECT FROM orders WHERE order_id = $1 FOR UPDATE", {order_id}).empty()) {
      outcome = Outcome::kNoOrder;
    } else if (!transaction.Run("SELECT FROM payments WHERE order_id = $1 LIMIT 1", {order_id}).empty()) {
      outcome = Outcome::kAlreadyPaid;
    } else if (amount < 0) {
      transaction.Run("INSERT INTO order_errors (order_id, code, message) VALUES ($1, $2, $3)",
                      {order_id, std::to_string(kPaymentDeclined), fmt::format("payment of {} declined", amount)});
      outcome = Outcome::kDeclined;
    } else {
      transaction.Run("INSERT INTO payments (order_id, type, amount) VALUES ($1, $2, $3)",
                      {order_id, type, std::to_string(amount)});
      transaction.Run("UPDATE orders SET payment_valid = true WHERE order_id = $1", {order_id});
      outcome = Outcome::kPaid;
    }
  });
  switch (outcome) {
    case Outcome::kNoOrder:
      throw kit::Rejected(404, fmt::format("there is no order '{}'", order_id));
    case Outcome::kDeclined:
      throw kit::Rejected(402, "payment declined");
    case Outcome::kAlreadyPaid:
      return kit::ReplyWith(200, {{"order_id", order_id}, {"result", "already paid"}});
    case Outcome::kPaid:
      break;
  }
  return kit::ReplyWith(200, {{"order_id", order_id}, {"result", "paid"}});
}

}  // namespace threefactor::food_ordering
