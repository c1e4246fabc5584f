// The `insert` of Hasura's first query API, which fixtures and scripts still use: {table, objects, returning?}.
#include <fmt/format.h>

#include <map>
#include <vector>

#include "error.hpp"
#include "metadata/kinds.hpp"
#include "sql/fragment.hpp"
#include "sql/qualified.hpp"

namespace threefactor::metadata {

namespace {

using Columns = std::vector<std::string>;

Columns ColumnsOf(const Json& object) {
  Columns columns;
  for (const auto& member : object.GetObject()) {
    columns.emplace_back(member.name.GetString(), member.name.GetStringLength());
  }
  return columns;
}

// Columns that read GeoJSON only by way of another type, with that: json_populate_record does not know it.
std::map<std::string, std::string> GeographyColumns(const QualifiedName& name, const schema::Schema& schema) {
  std::map<std::string, std::string> columns;
  for (const schema::Table& table : schema.catalog().tables) {
    if (table.schema != name.schema || table.name != name.name) continue;
    for (const schema::Column& column : table.columns)
      if (column.spatial == schema::Spatial::kGeography) columns[column.name] = column.sql_type;
  }
  return columns;
}

// SELECT the columns of the objects in the parameter, as rows of the table.
std::string SelectObjects(const Columns& columns, const std::string& table, const std::string& parameter,
                          const std::map<std::string, std::string>& geography) {
  std::string list;
  std::string without;
  for (const std::string& column : columns) {
    const auto found = geography.find(column);
    const std::string literal = sql::QuoteLiteral(column);
    list += list.empty() ? "" : ", ";
    list += found == geography.end() ? "p." + QuoteIdentifier(column)
                                     : sql::Cast("(r.value" + sql::Operator("->>") + literal + ')', found->second);
    if (found != geography.end()) without += sql::Operator("-") + sql::Cast(literal, "text");
  }
  const std::string objects = sql::Cast(parameter, "json");
  if (without.empty())
    return " SELECT " + list + " FROM " + sql::Call("json_populate_recordset", "NULL::" + table + ", " + objects) +
           " AS p";
  const std::string object = sql::Cast('(' + sql::Cast("r.value", "jsonb") + without + ')', "json");
  return " SELECT " + list + " FROM " + sql::Call("json_array_elements", objects) + " AS r, " +
         sql::Call("json_populate_record", "NULL::" + table + ", " + object) + " AS p";
}

std::string List(const Columns& columns) {
  std::string list;
  for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + QuoteIdentifier(column);
  return list;
}

// Objects that follow each other and name the same columns are one INSERT, a CTE of the one statement.
struct Group {
  Columns columns;
  std::string objects;  // JSON, without the closing bracket
};

std::vector<Group> Groups(const Json& objects, const std::string& path) {
  std::vector<Group> groups;
  for (const Json& object : objects.GetArray()) {
    if (!object.IsObject()) throw Error(code::kParseFailed, "expected an object", path);
    Columns columns = ColumnsOf(object);
    if (groups.empty() || groups.back().columns != columns || columns.empty())
      groups.push_back({std::move(columns), ""});
    groups.back().objects += (groups.back().objects.empty() ? "[" : ",") + ToJsonText(object, path);
  }
  return groups;
}

}  // namespace

Command InsertRows(const Json& args, const std::string& path, const schema::Schema& schema) {
  const std::map<std::string, std::string> geography = GeographyColumns(RequireName(args, "table", path), schema);
  const std::string table = TableName(args, "table", path);
  const Json* objects = FindMember(args, "objects");
  if (objects == nullptr || !objects->IsArray()) throw Error(code::kParseFailed, "key \"objects\" not found", path);
  std::string returning;
  if (const Json* columns = FindMember(args, "returning"); columns != nullptr && columns->IsArray()) {
    for (const Json& column : columns->GetArray()) {
      if (!column.IsString()) throw Error(code::kParseFailed, "expected a column's name", path + ".returning");
      returning += (returning.empty() ? "" : ", ") + QuoteIdentifier(column.GetString());
    }
  }
  sql::Statement statement;
  statement.error_path = path;
  std::string rows;
  int groups = 0;
  for (const Group& group : Groups(*objects, path + ".objects")) {
    const std::string name = "i" + std::to_string(groups++);
    statement.text += fmt::format("{}{} AS (INSERT INTO {}", statement.text.empty() ? "WITH " : ", ", name, table);
    if (group.columns.empty()) {
      statement.text += " DEFAULT VALUES";
    } else {
      statement.parameters.emplace_back(group.objects + ']');
      statement.text +=
          " (" + List(group.columns) + ')' +
          SelectObjects(group.columns, table, '$' + std::to_string(statement.parameters.size()), geography);
    }
    statement.text += " RETURNING " + (returning.empty() ? "1" : returning) + ')';
    rows += (rows.empty() ? "SELECT * FROM " : " UNION ALL SELECT * FROM ") + name;
  }
  if (rows.empty()) rows = "SELECT 1 WHERE false";
  std::string members = "'affected_rows', " + sql::Call("count", "*");
  if (!returning.empty()) members += ", 'returning', coalesce(" + sql::Call("json_agg", "r") + ", '[]')";
  statement.text +=
      " SELECT " + sql::Cast(sql::Call("json_build_object", members), "text") + " FROM (" + rows + ") AS r";
  Command command;
  command.answer = Command::Answer::kJson;
  command.statements.push_back(std::move(statement));
  command.result = 0;
  return command;
}

}  // namespace threefactor::metadata
