#include "metadata/data_queries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "error.hpp"
#include "metadata/data_translation.hpp"
#include "metadata/kinds.hpp"

namespace threefactor::metadata {

namespace {

using plan::Assignment;
using schema::Column;
using schema::FieldKind;
using schema::Table;

Command Answering(const std::shared_ptr<const sql::Compiled>& compiled, Command::Answer answer,
                  const std::string& path) {
  Command command;
  command.answer = answer;
  command.statements = compiled->statements;
  for (sql::Statement& statement : command.statements) statement.error_path = path;
  command.result = static_cast<int>(compiled->statements.size()) - 1;
  return command;
}

Command Select(const Json& args, Translation& translation, const schema::Schema& schema) {
  RefuseOtherKeys(args, {"source", "table", "columns", "where", "order_by", "limit", "offset"}, translation.path());
  const Table& table = translation.FindTable(args);
  const Json* columns = FindMember(args, "columns");
  if (columns == nullptr) throw Error(code::kParseFailed, "key \"columns\" not found", translation.path());
  const std::string& root = translation.RootField(schema.query(), FieldKind::kSelect, table);
  const std::string arguments = translation.ListArguments(args, table, translation.path());
  const std::string selection = translation.Selection(*columns, table, translation.path() + ".columns");
  return Answering(translation.Compile("query", root + arguments + selection), Command::Answer::kJson,
                   translation.path());
}

Command Count(const Json& args, Translation& translation, const schema::Schema& schema) {
  RefuseOtherKeys(args, {"source", "table", "distinct", "where"}, translation.path());
  const Table& table = translation.FindTable(args);
  const std::string& root = translation.RootField(schema.query(), FieldKind::kSelectAggregate, table);
  const std::string arguments = translation.ListArguments(args, table, translation.path());
  return Answering(translation.Compile("query", root + arguments + "{aggregate{count}}"), Command::Answer::kInner,
                   translation.path());
}

// The where of a write, which must be given: {} for all rows.
std::string RequireWhere(const Json& args, const Table& table, Translation& translation) {
  const Json* where = FindMember(args, "where");
  if (where == nullptr) throw Error(code::kParseFailed, "key \"where\" not found", translation.path());
  return translation.Pass("where", table.graphql_name + "_bool_exp!",
                          translation.Where(*where, table, translation.path() + ".where"));
}

Command Write(const std::string& root, const std::string& arguments, const Json& args, const Table& table,
              Translation& translation, const std::function<void(plan::Plan&)>& amend = {}) {
  const Json* columns = FindMember(args, "returning");
  std::string returning;
  if (columns != nullptr && !(columns->IsArray() && columns->Items().empty()))
    returning = "returning" + translation.Selection(*columns, table, translation.path() + ".returning");
  return Answering(
      translation.Compile("mutation", fmt::format("{}({}){{affected_rows {}}}", root, arguments, returning), amend),
      Command::Answer::kJson, translation.path());
}

Command Delete(const Json& args, Translation& translation, const schema::Schema& schema) {
  RefuseOtherKeys(args, {"source", "table", "where", "returning"}, translation.path());
  const Table& table = translation.FindTable(args);
  const std::string& root = translation.RootField(schema.mutation(), FieldKind::kDelete, table);
  return Write(root, RequireWhere(args, table, translation), args, table, translation);
}

// What an update does to its columns. GraphQL says _set and _inc; products pass as _inc, and their plan is amended.
class Changes {
 public:
  Changes(const Json& args, const Table& table, const Translation& translation) {
    const auto read = [&](const char* name, ObjectText& values, std::vector<const Column*>& columns) {
      const Json* given = FindMember(args, name);
      if (given == nullptr) return;
      const std::string path = At(translation.path(), name);
      if (!given->IsObject()) throw Error(code::kParseFailed, "expected an object", path);
      for (const auto& [key, value] : given->Members()) {
        const Column& column = translation.FindColumn(key, table, At(path, key.Text()));
        Note(column, name, path);
        values.Add(column.graphql_name, WriteJson(value));
        columns.push_back(&column);
      }
    };
    read("$set", set_, sets_);
    read("$inc", increment_, increments_);
    read("$mul", increment_, multiplied_);
    if (const Json* list = FindMember(args, "$default")) {
      const std::string path = At(translation.path(), "$default");
      if (!list->IsArray()) throw Error(code::kParseFailed, "expected a list of columns", path);
      for (std::size_t i = 0; i < list->Items().size(); ++i) {
        const Column& column = translation.FindColumn(list->Items()[i], table, At(path, i));
        Note(column, "$default", path);
        defaults_.push_back(&column);
      }
    }
    if (operators_.empty())
      throw Error("unexpected-payload", "at least one of $set, $inc, $mul, $default has to be present",
                  translation.path());
  }

  std::string Arguments(const Table& table, Translation& translation) const {
    std::string arguments;
    if (!sets_.empty()) arguments += translation.Pass("_set", table.graphql_name + "_set_input", set_.Take());
    if (!increments_.empty() || !multiplied_.empty())
      arguments += translation.Pass("_inc", table.graphql_name + "_inc_input", increment_.Take());
    return arguments;
  }

  void Amend(plan::Plan& plan) const {
    auto& write = std::get<plan::Write>(plan.roots.front().node);
    for (Assignment& assignment : write.assignments)
      if (std::find(multiplied_.begin(), multiplied_.end(), assignment.column) != multiplied_.end())
        assignment.kind = Assignment::Kind::kMultiply;
    for (const Column* column : defaults_)
      write.assignments.push_back({Assignment::Kind::kDefault, column, plan::Text()});
  }

 private:
  void Note(const Column& column, const char* name, const std::string& path) {
    const auto [found, is_new] = operators_.emplace(&column, name);
    if (!is_new)
      throw Error(code::kValidationFailed,
                  fmt::format("column found in multiple operators; \"{}\" in {}, {}", column.name, found->second, name),
                  path);
  }

  ObjectText set_;
  ObjectText increment_;
  std::vector<const Column*> sets_;
  std::vector<const Column*> increments_;
  std::vector<const Column*> multiplied_;
  std::vector<const Column*> defaults_;
  std::map<const Column*, const char*> operators_;
};

Command Update(const Json& args, Translation& translation, const schema::Schema& schema) {
  RefuseOtherKeys(args, {"source", "table", "where", "$set", "$inc", "$mul", "$default", "returning"},
                  translation.path());
  const Table& table = translation.FindTable(args);
  const std::string& root = translation.RootField(schema.mutation(), FieldKind::kUpdate, table);
  std::string arguments = RequireWhere(args, table, translation);
  const Changes changes(args, table, translation);
  arguments += changes.Arguments(table, translation);
  return Write(root, arguments, args, table, translation, [&changes](plan::Plan& plan) { changes.Amend(plan); });
}

}  // namespace

bool IsDataQuery(std::string_view type) {
  return type == "insert" || type == "select" || type == "count" || type == "update" || type == "delete";
}

Command ReadDataQuery(std::string_view type, const Json& args, const std::string& path,
                      const std::shared_ptr<const schema::Schema>& schema) {
  if (const Json* name = args.RepeatedName())
    throw Error(code::kParseFailed, fmt::format("the key \"{}\" is given twice", name->Text()), path);
  if (type == "insert") return InsertRows(args, path, *schema);
  Translation translation(path, schema);
  if (type == "select") return Select(args, translation, *schema);
  if (type == "count") return Count(args, translation, *schema);
  return type == "update" ? Update(args, translation, *schema) : Delete(args, translation, *schema);
}

}  // namespace threefactor::metadata
