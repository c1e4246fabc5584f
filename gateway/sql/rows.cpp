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
      if (join.relationship->is_array) {
        AddItem(Aggregate(order, join, from), order);
        return;
      }
      // A left join: rows without the other end stay.
      const std::string to = context_.Alias();
      joins_ += " LEFT JOIN " + context_.Read(*join.to) + " AS " + to + " ON " + RenderJoin(join, to, from);
      from = to;
    }
    AddItem(from + '.' + QuoteIdentifier(order.column->name), order);
  }

  const std::string& joins() const { return joins_; }
  const std::string& items() const { return items_; }

 private:
  void AddItem(const std::string& sql, const plan::Order& order) {
    items_ += items_.empty() ? " ORDER BY " : ", ";
    items_ += sql + ' ' + std::string(order.direction);
  }

  std::string Aggregate(const plan::Order& order, const plan::Join& join, const std::string& from) {
    const std::string to = context_.Alias();
    const std::string value = order.column == nullptr ? "count(*)"
                                                      : RenderFunction(order.aggregate, *order.column,
                                                                       to + '.' + QuoteIdentifier(order.column->name));
    return "(SELECT " + value + " FROM " + context_.Read(*join.to) + " AS " + to + " WHERE " +
           RenderJoin(join, to, from) + ')';
  }

  Context& context_;
  std::string alias_;
  std::string joins_;
  std::string items_;
};

std::string Where(Context& context, const plan::Rows& rows, const Source& source) {
  std::string sql = source.join_condition;
  if (!IsAlwaysTrue(rows.where)) {
    if (!sql.empty()) sql += " AND ";
    sql += RenderCondition(context, rows.where, source.inner);
  }
  return sql.empty() ? sql : " WHERE " + sql;
}

std::string Columns(const Row& row, const std::string& alias) {
  if (row.columns().empty()) return "1";  // rows are only counted
  std::string sql;
  for (const schema::Column* column : row.columns()) {
    if (!sql.empty()) sql += ", ";
    sql += alias + '.' + QuoteIdentifier(column->name);
  }
  return sql;
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
  const std::string table = context.Read(*rows.table) + " AS " + source.inner;
  if (IsPlain(rows)) return " FROM " + table + Where(context, rows, source);

  OrderRenderer order(context, source.inner);
  for (const plan::Order& item : rows.order_by) order.Add(item);
  std::string sql = " FROM (SELECT " + Distinct(rows, source.inner) + Columns(row, source.inner) + " FROM " + table +
                    order.joins() + Where(context, rows, source) + order.items();
  if (rows.limit) sql += " LIMIT " + context.Parameter(rows.limit, "bigint");
  if (rows.offset) sql += " OFFSET " + context.Parameter(rows.offset, "bigint");
  return sql + ") AS " + row.alias();
}

}  // namespace threefactor::sql
