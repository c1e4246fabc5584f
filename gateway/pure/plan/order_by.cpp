// order_by (gateway/dialect/queries.md): a list of objects whose keys apply in the order given.
#include <array>

#include "base/error.hpp"
#include "plan/planner.hpp"

namespace threefactor::plan {

namespace {

using schema::InputKind;
using validation::Entry;
using validation::Value;

std::string_view Direction(const Value& value) {
  using Pair = std::pair<std::string_view, std::string_view>;
  static constexpr std::array kDirections = std::to_array<Pair>({{"asc", "ASC NULLS LAST"},
                                                                 {"asc_nulls_first", "ASC NULLS FIRST"},
                                                                 {"asc_nulls_last", "ASC NULLS LAST"},
                                                                 {"desc", "DESC NULLS FIRST"},
                                                                 {"desc_nulls_first", "DESC NULLS FIRST"},
                                                                 {"desc_nulls_last", "DESC NULLS LAST"}});
  for (const auto& [name, sql] : kDirections) {
    if (value.kind == Value::Kind::kEnum && value.enum_value->name == name) return sql;
  }
  throw Error(code::kValidationFailed, "unexpected order", value.path);
}

class OrderPlanner {
 public:
  explicit OrderPlanner(const schema::Catalog& catalog) : catalog_(catalog) {}

  std::vector<Order> Take() { return std::move(orders_); }

  void Object(const Value& value, const schema::Table& table) {
    for (const Entry& entry : value.entries) {
      if (entry.value.IsNull()) continue;  // null: not ordered by this
      if (entry.field->kind == InputKind::kOrderColumn) {
        Operand operand;
        operand.column = entry.field->column;
        if (entry.field->computed != nullptr) operand.call = PlanCall(*entry.field->computed);
        Add(std::move(operand), entry.value);
        continue;
      }
      if (entry.field->kind != InputKind::kOrderRows) {
        throw Error(code::kUnexpected, "no order: " + entry.field->name, entry.value.path);
      }
      path_.push_back(JoinOf(table, *entry.field, catalog_));
      if (entry.field->computed != nullptr || entry.field->relationship->is_array) {
        Aggregates(entry.value);
      } else {
        Object(entry.value, *path_.back().to);
      }
      path_.pop_back();
    }
  }

 private:
  // {count: asc, max: {id: desc}}
  void Aggregates(const Value& value) {
    for (const Entry& entry : value.entries) {
      if (entry.value.IsNull()) continue;
      Operand operand;
      operand.aggregate = entry.field->name;
      if (entry.value.kind == Value::Kind::kEnum) {
        Add(std::move(operand), entry.value);  // count
        continue;
      }
      for (const Entry& column : entry.value.entries) {
        operand.columns = {column.field->column};
        if (!column.value.IsNull()) Add(operand, column.value);
      }
    }
  }

  void Add(Operand operand, const Value& direction) {
    orders_.push_back({path_, std::move(operand), Direction(direction)});
  }

  const schema::Catalog& catalog_;
  std::vector<Join> path_;
  std::vector<Order> orders_;
};

}  // namespace

std::vector<Order> PlanOrder(const Value& value, const schema::Table& table, const schema::Catalog& catalog) {
  OrderPlanner planner(catalog);
  if (value.kind == Value::Kind::kObject) planner.Object(value, table);
  for (const Value& item : value.items) planner.Object(item, table);
  return planner.Take();
}

}  // namespace threefactor::plan
