#include <fmt/format.h>

#include <algorithm>

#include "plan/value.hpp"
#include "sql/qualified.hpp"
#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

using plan::Assignment;
using plan::Insert;
using plan::Write;

bool HasSameColumns(const Insert& insert) {
  for (const auto& cells : insert.objects) {
    for (const auto& cell : cells) {
      if (!cell) return false;
    }
  }
  return true;
}

// One parameter per column, whatever the number of rows: one statement text for all, and no limit of parameters.
std::string RenderArrays(Context& context, const Insert& insert, const Keys& keys) {
  std::string values;
  std::string arrays;
  std::string names;
  for (std::size_t i = 0; i < insert.columns.size(); ++i) {
    std::vector<plan::Text> elements;
    for (const auto& cells : insert.objects) elements.push_back(*cells[i]);
    const std::string name = 'c' + std::to_string(i);
    // Elements travel as text: an array of arrays would be flattened.
    values += (i == 0 ? " SELECT " : ", ") + Cast("u." + name, insert.columns[i]->sql_type);
    arrays += (i == 0 ? "" : ", ") + Call("unnest", context.Parameter(plan::ArrayLiteral(elements), "text[]"));
    names += (i == 0 ? "" : ", ") + name;
  }
  for (const auto& [column, key] : keys) values += ", " + key;
  return values + " FROM ROWS FROM (" + arrays + ") AS u(" + names + ')';
}

// The parameters of VALUES. Postgres takes 65,535 of them in one statement, so those of more cells are elements of text
// arrays. An element is found by counting from the array's first, which keeps the arrays short.
class Cells {
 public:
  Cells(Context& context, const Insert& insert) : context_(context) {
    constexpr std::size_t kMostParameters = 30000;  // the rest is for conditions
    std::size_t cells = 0;
    for (const auto& row : insert.objects)
      cells += static_cast<std::size_t>(
          std::count_if(row.begin(), row.end(), [](const auto& cell) { return cell.has_value(); }));
    if (cells > kMostParameters) PackAll(insert);
  }

  std::string Render(const plan::Text& cell, const std::string& type) {
    if (arrays_.empty()) return context_.Parameter(cell, type);
    const std::size_t at = rendered_++;
    return Cast(fmt::format("({})[{}]", arrays_[at / kElements], at % kElements + 1), type);
  }

 private:
  static constexpr std::size_t kElements = 100;  // of one array

  // In the order in which they will be rendered.
  void PackAll(const Insert& insert) {
    std::vector<plan::Text> elements;
    const auto pack = [&] {
      if (!elements.empty()) arrays_.push_back(context_.Parameter(plan::ArrayLiteral(elements), "text[]"));
      elements.clear();
    };
    for (const auto& row : insert.objects)
      for (const auto& cell : row) {
        if (cell) elements.push_back(*cell);
        if (elements.size() == kElements) pack();
      }
    pack();
  }

  Context& context_;
  std::vector<std::string> arrays_;  // empty: each cell is a parameter
  std::size_t rendered_ = 0;
};

std::string RenderValues(Context& context, const Insert& insert, const Keys& keys) {
  Cells parameters(context, insert);
  std::string sql = " VALUES ";
  for (const auto& cells : insert.objects) {
    sql += &cells == &insert.objects.front() ? "(" : ", (";
    std::string values;
    for (std::size_t i = 0; i < insert.columns.size(); ++i) {
      const auto& cell = cells[i];
      values += (i == 0 ? "" : ", ") + (cell ? parameters.Render(*cell, insert.columns[i]->sql_type) : "DEFAULT");
    }
    for (const auto& [column, key] : keys) values += (values.empty() ? "" : ", ") + key;
    sql += (values.empty() ? "DEFAULT" : values) + ')';
  }
  return sql;
}

std::string RenderConflict(Context& context, const plan::Conflict& conflict, const std::string& alias) {
  std::string sql = " ON CONFLICT ON CONSTRAINT " + QuoteIdentifier(conflict.constraint->name);
  if (conflict.update.empty()) return sql + " DO NOTHING";
  std::string assignments;
  for (const schema::Column* column : conflict.update) {
    const std::string name = QuoteIdentifier(column->name);
    if (!assignments.empty()) assignments += ", ";
    assignments += name;
    assignments += " = EXCLUDED.";
    assignments += name;
  }
  sql += " DO UPDATE SET " + assignments;
  if (!IsAlwaysTrue(conflict.where)) sql += " WHERE " + RenderCondition(context, conflict.where, alias);
  return sql;
}

// Rows of defaults alone: some column must be named, for there may be several.
const schema::Column* AnyColumn(const schema::Table& table) {
  const auto found =
      std::find_if(table.columns.begin(), table.columns.end(), [](const auto& c) { return c.may_insert; });
  return found == table.columns.end() ? &table.columns.front() : &*found;
}

std::string RenderAssignment(Context& context, const Assignment& assignment, const std::string& alias) {
  const schema::Column& column = *assignment.column;
  const std::string name = QuoteIdentifier(column.name);
  const std::string old = alias + '.' + name;
  const auto value = [&](std::string_view type) { return context.Parameter(assignment.value, type); };
  switch (assignment.kind) {
    case Assignment::Kind::kSet:
      break;
    case Assignment::Kind::kIncrement:
      return name + " = " + old + Operator("+") + value(column.sql_type);
    case Assignment::Kind::kMultiply:
      return name + " = " + old + Operator("*") + value(column.sql_type);
    case Assignment::Kind::kDefault:
      return name + " = DEFAULT";
    case Assignment::Kind::kAppend:
      return name + " = " + old + Operator("||") + value(column.sql_type);
    case Assignment::Kind::kPrepend:
      return name + " = " + value(column.sql_type) + Operator("||") + old;
    case Assignment::Kind::kDeleteKey:
      return name + " = " + old + Operator("-") + value("text");
    case Assignment::Kind::kDeleteElement:
      return name + " = " + old + Operator("-") + value("integer");
    case Assignment::Kind::kDeleteAtPath:
      return name + " = " + old + Operator("#-") + value("text[]");
  }
  return name + " = " + value(column.sql_type);
}

std::string RenderWhere(Context& context, const plan::Condition& where, const std::string& alias) {
  return IsAlwaysTrue(where) ? "" : " WHERE " + RenderCondition(context, where, alias);
}

}  // namespace

std::string RenderInsert(Context& context, const Insert& insert, const Keys& keys, const std::string& alias) {
  std::string columns;
  const auto add = [&](const schema::Column& column) {
    columns += (columns.empty() ? "" : ", ") + QuoteIdentifier(column.name);
  };
  for (const schema::Column* column : insert.columns) add(*column);
  for (const auto& [column, key] : keys) add(*column);
  if (columns.empty()) add(*AnyColumn(*insert.table));
  std::string sql = "INSERT INTO " + TableName(*insert.table) + " AS " + alias + " (" + columns + ')';
  const bool as_arrays = insert.objects.size() > 1 && !insert.columns.empty() && HasSameColumns(insert);
  sql += as_arrays ? RenderArrays(context, insert, keys) : RenderValues(context, insert, keys);
  if (insert.conflict) sql += RenderConflict(context, *insert.conflict, alias);
  return sql;
}

std::string RenderUpdate(Context& context, const Write& write, const std::string& alias) {
  std::string assignments;
  for (const Assignment& assignment : write.assignments) {
    assignments += (assignments.empty() ? "" : ", ") + RenderAssignment(context, assignment, alias);
  }
  return "UPDATE " + TableName(*write.table) + " AS " + alias + " SET " + assignments +
         RenderWhere(context, write.where, alias);
}

std::string RenderDelete(Context& context, const Write& write, const std::string& alias) {
  return "DELETE FROM " + TableName(*write.table) + " AS " + alias + RenderWhere(context, write.where, alias);
}

}  // namespace threefactor::sql
