// The `insert` of Hasura's first query API, which fixtures and scripts still use: {table, objects, on_conflict?,
// returning?}. It names the table when it runs: an earlier request of the same bulk may have made it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "base/error.hpp"
#include "metadata/kinds.hpp"
#include "sql/fragment.hpp"
#include "sql/qualified.hpp"

namespace threefactor::metadata {

namespace {

using Columns = std::vector<std::string>;

Columns ColumnsOf(const Json& object) {
  Columns columns;
  for (const auto& member : object.Members()) {
    columns.emplace_back(member.name.Text());
  }
  return columns;
}

// Columns that read GeoJSON only by way of another type, with that: json_populate_record does not know it.
std::map<std::string, std::string> GeographyColumns(const schema::Table* table) {
  std::map<std::string, std::string> columns;
  if (table == nullptr) return columns;
  for (const schema::Column& column : table->columns)
    if (column.spatial == schema::Spatial::kGeography) columns[column.name] = column.sql_type;
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
    list += found == geography.end() ? "p." + sql::QuoteIdentifier(column)
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
  for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + sql::QuoteIdentifier(column);
  return list;
}

const schema::Table* FindTable(const QualifiedName& name, const schema::Schema& schema) {
  for (const schema::Table& table : schema.catalog().tables)
    if (table.schema == name.schema && table.name == name.name) return &table;
  return nullptr;
}

// Whether the column may exist. `table`: null where only the database knows it yet.
bool MayExist(const schema::Table* table, std::string_view column) {
  return table == nullptr || std::any_of(table->columns.begin(), table->columns.end(),
                                         [&](const schema::Column& each) { return each.name == column; });
}

// "*", or a list of columns. Empty: it is not asked for.
std::string Returning(const Json& args, const schema::Table* table, const std::string& path) {
  const Json* columns = FindMember(args, "returning");
  if (columns == nullptr) return {};
  if (columns->IsString() && columns->Text() == "*") return "*";
  if (!columns->IsArray()) throw Error(code::kParseFailed, "expected \"*\" or a list of columns", path + ".returning");
  Columns names;  // none: as if it were not asked for
  for (const Json& column : columns->Items()) {
    if (!column.IsString()) throw Error(code::kParseFailed, "expected a column's name", path + ".returning");
    if (column.Text() == "*") return "*";
    if (!MayExist(table, column.Text()))
      throw Error("permission-denied", fmt::format("no such column exists : \"{}\"", column.Text()),
                  path + ".returning");
    if (std::find(names.begin(), names.end(), column.Text()) == names.end()) names.emplace_back(column.Text());
  }
  return List(names);
}

struct Conflict {
  std::string target;  // " ON CONFLICT ..." without what it does; empty: none
  bool updates = false;

  // For rows of these columns.
  std::string Clause(const Columns& columns) const {
    if (target.empty() || !updates) return target.empty() ? "" : target + " DO NOTHING";
    std::string assignments;
    for (const std::string& column : columns) {
      const std::string name = sql::QuoteIdentifier(column);
      assignments.append(assignments.empty() ? "" : ", ").append(name).append(" = EXCLUDED.").append(name);
    }
    return assignments.empty() ? target + " DO NOTHING" : target + " DO UPDATE SET " + assignments;
  }
};

// {"action": "update" or "ignore", "constraint" or "constraint_on"}. Null: none is given.
const Json* FindConflict(const Json& args, const std::string& path) {
  const Json* given = ObjectOrNull(args, "on_conflict", path);
  if (given == nullptr) return nullptr;
  const std::string inner = path + ".on_conflict";
  RefuseRepeatedKeys(*given, inner);
  RefuseOtherKeys(*given, {"action", "constraint", "constraint_on"}, inner);
  if (FindMember(*given, "action") == nullptr)
    throw Error(code::kParseFailed, "the key 'action' was not present", "$.on_conflict");
  const std::string action = RequireString(*given, "action", inner);
  if (action != "update" && action != "ignore")
    throw Error(code::kParseFailed, "expected update or ignore", inner + ".action");
  return given;
}

Conflict ReadConflict(const Json* given, const schema::Table* table, const std::string& path) {
  if (given == nullptr) return {};
  const std::string inner = path + ".on_conflict";
  Conflict conflict{" ON CONFLICT", RequireString(*given, "action", inner) == "update"};
  const Json* columns = FindMember(*given, "constraint_on");
  const std::string constraint = StringOr(*given, "constraint", "", inner);
  if (columns != nullptr && !constraint.empty())
    throw Error("unexpected-payload", "'constraint' and 'constraint_on' cannot be set at a time", inner);
  if (!constraint.empty()) {
    conflict.target += " ON CONSTRAINT " + sql::QuoteIdentifier(constraint);
  } else if (columns != nullptr) {
    Columns names;
    const std::array only = {*columns};
    const auto list = columns->IsArray() ? columns->Items() : std::span<const Json>(only);
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string where = fmt::format("{}.constraint_on[{}]", inner, i);
      if (!list[i].IsString()) throw Error(code::kParseFailed, "expected a column's name", where);
      if (!MayExist(table, list[i].Text()))
        throw Error("not-exists", fmt::format("column \"{}\" does not exist", list[i].Text()), where);
      names.emplace_back(list[i].Text());
    }
    if (names.empty()) throw Error(code::kParseFailed, "expected a column's name", inner + ".constraint_on");
    conflict.target += " (" + List(names) + ')';
  } else if (conflict.updates) {
    throw Error("unexpected-payload", "Expecting 'constraint' or 'constraint_on' when the 'action' is 'update'", inner);
  }
  return conflict;
}

// Objects that follow each other and name the same columns are one INSERT, a CTE of the one statement.
struct Group {
  Columns columns;
  std::string objects;  // JSON, without the closing bracket
};

std::vector<Group> Groups(const Json& objects, const std::string& path) {
  std::vector<Group> groups;
  for (const Json& object : objects.Items()) {
    if (!object.IsObject()) throw Error(code::kParseFailed, "expected an object", path);
    if (const Json* name = object.RepeatedName())
      throw Error(code::kParseFailed, fmt::format("the key \"{}\" is given twice", name->Text()), path);
    Columns columns = ColumnsOf(object);
    if (groups.empty() || groups.back().columns != columns || columns.empty())
      groups.push_back({std::move(columns), ""});
    groups.back().objects += (groups.back().objects.empty() ? "[" : ",") + WriteJson(object);
  }
  return groups;
}

}  // namespace

Command InsertRows(const Json& args, const std::string& path, const schema::Schema& schema) {
  RefuseOtherKeys(args, {"source", "table", "objects", "on_conflict", "returning"}, path);
  const QualifiedName name = RequireName(args, "table", path);
  const schema::Table* known = FindTable(name, schema);
  const std::map<std::string, std::string> geography = GeographyColumns(known);
  const std::string table = TableName(args, "table", path);
  const Json* objects = FindMember(args, "objects");
  if (objects == nullptr || !objects->IsArray()) throw Error(code::kParseFailed, "key \"objects\" not found", path);
  const Json* given_conflict = FindConflict(args, path);
  const std::string returning = Returning(args, known, path);
  const Conflict conflict = ReadConflict(given_conflict, known, path);
  sql::Statement statement;
  statement.error_path = path;
  std::string rows;
  int groups = 0;
  for (const Group& group : Groups(*objects, path + ".objects")) {
    const std::string alias = "i" + std::to_string(groups++);
    statement.text += fmt::format("{}{} AS (INSERT INTO {}", statement.text.empty() ? "WITH " : ", ", alias, table);
    if (group.columns.empty()) {
      statement.text += " DEFAULT VALUES";
    } else {
      statement.parameters.emplace_back(group.objects + ']');
      statement.text +=
          " (" + List(group.columns) + ')' +
          SelectObjects(group.columns, table, '$' + std::to_string(statement.parameters.size()), geography);
    }
    statement.text += conflict.Clause(group.columns);
    statement.text += " RETURNING " + (returning.empty() ? "1" : returning) + ')';
    rows += (rows.empty() ? "SELECT * FROM " : " UNION ALL SELECT * FROM ") + alias;
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
