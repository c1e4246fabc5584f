#include "sql/qualified.hpp"
#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

// ORDER BY items, and the joins that those over object relationships need.
class OrderRenderer {
 public:
  OrderRenderer(Context& context, std::string alias) : context_(context), alias_(std::move(alias)) {}

  void Add(const plan::Order& order) {
    std::string from = alias_;
    for (const plan::Join& join : order.path) {
      const std::string to = context_.Alias();
      const Reached reached = RenderJoin(context_, join, to, from);
      if (!order.operand.aggregate.empty() && &join == &order.path.back()) {
        AddItem("(SELECT " + RenderOperand(context_, order.operand, to) + " FROM " + reached.from +
                    (reached.condition.empty() ? "" : " WHERE ") + reached.condition + ')',
                order);
        return;
      }
      // A left join: rows without the other end stay.
      joins_ += " LEFT JOIN " + reached.from + " ON " + reached.condition;
      from = to;
    }
    AddItem(RenderOperand(context_, order.operand, from), order);
  }

  const std::string& joins() const { return joins_; }
  const std::string& items() const { return items_; }

 private:
  void AddItem(const std::string& sql, const plan::Order& order) {
    items_ += items_.empty() ? " ORDER BY " : ", ";
    items_ += sql + ' ' + std::string(order.direction);
  }

  Context& context_;
  std::string alias_;
  std::string joins_;
  std::string items_;
};

std::string Where(Context& context, const plan::Rows& rows, const Source& source) {
  std::string sql = source.join_condition;
  // What returns a row, and has none, returns one of NULLs.
  if (rows.call.function != nullptr && !rows.call.function->returns_set) sql = "NOT (" + source.inner + " IS NULL)";
  if (!IsAlwaysTrue(rows.where)) {
    if (!sql.empty()) sql += " AND ";
    sql += RenderCondition(context, rows.where, source.inner);
  }
  return sql.empty() ? sql : " WHERE " + sql;
}

// `order`: ORDER BY of the rows.
std::string Columns(const Row& row, const std::string& alias, const std::string& order) {
  std::string sql;
  for (const schema::Column* column : row.columns()) {
    if (!sql.empty()) sql += ", ";
    sql += alias + '.' + QuoteIdentifier(column->name);
  }
  if (row.is_used_whole()) sql += (sql.empty() ? "" : ", ") + alias + " AS " + std::string(kWholeRow);
  if (row.is_place_used())
    sql += (sql.empty() ? "" : ", ") + Call("row_number", "") + " OVER (" + order + ") AS " + std::string(kPlace);
  return sql.empty() ? "1" : sql;  // rows are only counted
}

std::string Distinct(const plan::Rows& rows, const std::string& alias) {
  std::string sql;
  for (const schema::Column* column : rows.distinct_on) {
    sql += sql.empty() ? "DISTINCT ON (" : ", ";
    sql += alias + '.' + QuoteIdentifier(column->name);
  }
  return sql.empty() ? sql : sql + ") ";
}

}  // namespace

bool IsPlain(const plan::Rows& rows) {
  return rows.order_by.empty() && rows.distinct_on.empty() && !rows.limit && !rows.offset;
}

std::string RenderFrom(Context& context, const plan::Rows& rows, const Row& row, const Source& source) {
  const std::string table =
      (rows.call.function != nullptr ? RenderCall(context, rows.call, source.outer_row) : context.Read(*rows.table)) +
      " AS " + source.inner;
  if (IsPlain(rows)) return " FROM " + table + Where(context, rows, source);

  OrderRenderer order(context, source.inner);
  for (const plan::Order& item : rows.order_by) order.Add(item);
  std::string sql = " FROM (SELECT " + Distinct(rows, source.inner) + Columns(row, source.inner, order.items()) +
                    " FROM " + table + order.joins() + Where(context, rows, source) + order.items();
  if (rows.limit) sql += " LIMIT " + std::to_string(*rows.limit);
  if (rows.offset) sql += " OFFSET " + context.Parameter(rows.offset, "bigint");
  return sql + ") AS " + row.alias();
}

}  // namespace threefactor::sql
