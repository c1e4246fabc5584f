#include "plan/value.hpp"
#include "sql/render.hpp"

namespace threefactor::sql {

namespace {

using plan::Assignment;
using plan::Write;

bool HasSameColumns(const Write& write) {
  for (const auto& cells : write.objects) {
    for (const auto& cell : cells) {
      if (!cell) return false;
    }
  }
  return true;
}

// One parameter per column, whatever the number of rows: one statement text for all, and no limit of parameters.
std::string RenderArrays(Context& context, const Write& write) {
  std::string values;
  std::string arrays;
  std::string names;
  for (std::size_t i = 0; i < write.columns.size(); ++i) {
    std::vector<plan::Text> elements;
    for (const auto& cells : write.objects) elements.push_back(*cells[i]);
    const std::string name = 'c' + std::to_string(i);
    // Elements travel as text: an array of arrays would be flattened.
    values += (i == 0 ? " SELECT " : ", ") + ("u." + name) + "::" + write.columns[i]->sql_type;
    arrays += (i == 0 ? "" : ", ") + context.Parameter(plan::ArrayLiteral(elements), "text[]");
    names += (i == 0 ? "" : ", ") + name;
  }
  return values + " FROM unnest(" + arrays + ") AS u(" + names + ')';
}

std::string RenderValues(Context& context, const Write& write) {
  std::string sql = " VALUES ";
  for (std::size_t row = 0; row < write.objects.size(); ++row) {
    sql += row == 0 ? "(" : ", (";
    for (std::size_t i = 0; i < write.columns.size(); ++i) {
      const auto& cell = write.objects[row][i];
      if (i > 0) sql += ", ";
      sql += cell ? context.Parameter(*cell, write.columns[i]->sql_type) : "DEFAULT";
    }
    sql += ')';
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

std::string RenderInsert(Context& context, const Write& write, const std::string& alias) {
  std::string columns;
  for (const schema::Column* column : write.columns) {
    columns += (columns.empty() ? "" : ", ") + QuoteIdentifier(column->name);
  }
  std::string sql = "INSERT INTO " + TableName(*write.table) + " AS " + alias + " (" + columns + ')';
  const bool as_arrays = write.objects.size() > 1 && HasSameColumns(write);
  sql += as_arrays ? RenderArrays(context, write) : RenderValues(context, write);
  if (write.conflict) sql += RenderConflict(context, *write.conflict, alias);
  return sql;
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
      return name + " = " + old + " + " + value(column.sql_type);
    case Assignment::Kind::kAppend:
      return name + " = " + old + " || " + value(column.sql_type);
    case Assignment::Kind::kPrepend:
      return name + " = " + value(column.sql_type) + " || " + old;
    case Assignment::Kind::kDeleteKey:
      return name + " = " + old + " - " + value("text");
    case Assignment::Kind::kDeleteElement:
      return name + " = " + old + " - " + value("integer");
    case Assignment::Kind::kDeleteAtPath:
      return name + " = " + old + " #- " + value("text[]");
  }
  return name + " = " + value(column.sql_type);
}

std::string RenderWhere(Context& context, const plan::Condition& where, const std::string& alias) {
  return IsAlwaysTrue(where) ? "" : " WHERE " + RenderCondition(context, where, alias);
}

}  // namespace

std::string RenderModification(Context& context, const Write& write) {
  const std::string alias = context.Alias();
  switch (write.kind) {
    case Write::Kind::kInsert:
      return RenderInsert(context, write, alias);
    case Write::Kind::kUpdate: {
      std::string assignments;
      for (const Assignment& assignment : write.assignments) {
        assignments += (assignments.empty() ? "" : ", ") + RenderAssignment(context, assignment, alias);
      }
      return "UPDATE " + TableName(*write.table) + " AS " + alias + " SET " + assignments +
             RenderWhere(context, write.where, alias);
    }
    case Write::Kind::kDelete:
      break;
  }
  return "DELETE FROM " + TableName(*write.table) + " AS " + alias + RenderWhere(context, write.where, alias);
}

}  // namespace threefactor::sql
