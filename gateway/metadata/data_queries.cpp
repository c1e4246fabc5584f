#include "metadata/data_queries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "metadata/data_translation.hpp"
#include "metadata/kinds.hpp"

namespace threefactor::metadata {

namespace {

using Operation = language::OperationDefinition::Kind;
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
  Translation::Arguments arguments = translation.ListArguments(args, table, translation.path());
  language::Selection field = Translation::Field(root, std::move(arguments),
                                                 translation.Select(*columns, table, translation.path() + ".columns"));
  return Answering(translation.Compile(Operation::kQuery, std::move(field)), Command::Answer::kJson,
                   translation.path());
}

Command Count(const Json& args, Translation& translation, const schema::Schema& schema) {
  RefuseOtherKeys(args, {"source", "table", "distinct", "where"}, translation.path());
  const Table& table = translation.FindTable(args);
  const std::string& root = translation.RootField(schema.query(), FieldKind::kSelectAggregate, table);
  language::Selection count = Translation::Field("aggregate", {}, {Translation::Field("count", {}, {})});
  language::Selection field =
      Translation::Field(root, translation.ListArguments(args, table, translation.path()), {std::move(count)});
  return Answering(translation.Compile(Operation::kQuery, std::move(field)), Command::Answer::kInner,
                   translation.path());
}

// The where of a write, which must be given: {} for all rows.
language::Argument RequireWhere(const Json& args, const Table& table, Translation& translation) {
  const Json* where = FindMember(args, "where");
  if (where == nullptr) throw Error(code::kParseFailed, "key \"where\" not found", translation.path());
  return translation.Pass("where", table.graphql_name + "_bool_exp", {Translation::TypeWrapper::kNonNull},
                          translation.Where(*where, table, translation.path() + ".where"));
}

Command Write(const std::string& root, Translation::Arguments arguments, const Json& args, const Table& table,
              Translation& translation, const std::function<void(plan::Plan&)>& amend = {}) {
  Translation::Selections answer = {Translation::Field("affected_rows", {}, {})};
  const Json* columns = FindMember(args, "returning");
  if (columns != nullptr && !(columns->IsArray() && columns->Items().empty()))
    answer.push_back(
        Translation::Field("returning", {}, translation.Select(*columns, table, translation.path() + ".returning")));
  language::Selection field = Translation::Field(root, std::move(arguments), std::move(answer));
  return Answering(translation.Compile(Operation::kMutation, std::move(field), amend), Command::Answer::kJson,
                   translation.path());
}

Command Delete(const Json& args, Translation& translation, const schema::Schema& schema) {
  RefuseOtherKeys(args, {"source", "table", "where", "returning"}, translation.path());
  const Table& table = translation.FindTable(args);
  const std::string& root = translation.RootField(schema.mutation(), FieldKind::kDelete, table);
  return Write(root, {RequireWhere(args, table, translation)}, args, table, translation);
}

// What an update does to its columns. GraphQL says _set and _inc; products pass as _inc, and their plan is amended.
class Changes {
 public:
  Changes(const Json& args, const Table& table, Translation& translation) {
    const auto read = [&](const char* name, std::vector<Json>& values, std::vector<const Column*>* columns) {
      const Json* given = FindMember(args, name);
      if (given == nullptr) return;
      const std::string path = At(translation.path(), name);
      if (!given->IsObject()) throw Error(code::kParseFailed, "expected an object", path);
      for (const auto& [key, value] : given->Members()) {
        const Column& column = translation.FindColumn(key, table, At(path, key.Text()));
        Note(column, name, path);
        values.insert(values.end(), {translation.values().String(column.graphql_name), value});
        if (columns != nullptr) columns->push_back(&column);
      }
    };
    read("$set", set_, nullptr);
    read("$inc", increment_, nullptr);
    read("$mul", increment_, &multiplied_);
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

  void AddTo(Translation::Arguments& arguments, const Table& table, Translation& translation) const {
    const auto add = [&](const char* name, const char* type, const std::vector<Json>& values) {
      if (!values.empty())
        arguments.push_back(translation.Pass(name, table.graphql_name + type, {}, translation.values().Object(values)));
    };
    add("_set", "_set_input", set_);
    add("_inc", "_inc_input", increment_);
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

  std::vector<Json> set_;        // names and values of one object
  std::vector<Json> increment_;  // likewise
  std::vector<const Column*> multiplied_;
  std::vector<const Column*> defaults_;
  std::map<const Column*, const char*> operators_;
};

Command Update(const Json& args, Translation& translation, const schema::Schema& schema) {
  RefuseOtherKeys(args, {"source", "table", "where", "$set", "$inc", "$mul", "$default", "returning"},
                  translation.path());
  const Table& table = translation.FindTable(args);
  const std::string& root = translation.RootField(schema.mutation(), FieldKind::kUpdate, table);
  Translation::Arguments arguments = {RequireWhere(args, table, translation)};
  const Changes changes(args, table, translation);
  changes.AddTo(arguments, table, translation);
  return Write(root, std::move(arguments), args, table, translation,
               [&changes](plan::Plan& plan) { changes.Amend(plan); });
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
