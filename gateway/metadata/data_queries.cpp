#include "metadata/data_queries.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "error.hpp"
#include "pipeline.hpp"

namespace threefactor::metadata {

namespace {

using schema::Column;
using schema::Relationship;
using schema::Table;

std::string_view View(const Json& text) {
  return {text.GetString(), text.GetStringLength()};
}

template <typename Named>
const Named* FindNamed(const std::vector<Named>& list, std::string_view name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Named& each) { return each.name == name; });
  return found == list.end() ? nullptr : &*found;
}

// Builds the text of a GraphQL document and its variables.
class Translation {
 public:
  Translation(std::string path, std::shared_ptr<const schema::Schema> schema)
      : path_(std::move(path)), schema_(std::move(schema)) {
    variables_.SetObject();
  }

  const Table& FindTable(const Json& args) const {
    const QualifiedName wanted = RequireName(args, "table", path_);
    for (const Table& table : schema_->catalog().tables)
      if (table.schema == wanted.schema && table.name == wanted.name) return table;
    const std::string name = wanted.schema == "public" ? wanted.name : wanted.schema + "." + wanted.name;
    throw Error("not-exists", fmt::format("table \"{}\" does not exist", name), path_ + ".table");
  }

  // Of a root field over a table.
  const std::string& RootField(const schema::Type* root, schema::FieldKind kind, const Table& table) const {
    if (root != nullptr) {
      for (const schema::Field& field : root->fields)
        if (field.kind == kind && field.table == &table && field.function == nullptr) return field.name;
    }
    throw Error("permission-denied", fmt::format("\"{}\" does not allow that", table.name), path_ + ".table");
  }

  // (where: $v0, order_by: $v1 ...), or nothing.
  std::string ListArguments(const Json& args, const Table& table) {
    std::string arguments;
    const std::string& t = table.graphql_name;
    if (const Json* where = FindMember(args, "where")) {
      arguments += Pass("where", t + "_bool_exp", Where(*where, table));
    }
    if (const Json* order = FindMember(args, "order_by")) {
      arguments += Pass("order_by", fmt::format("[{}_order_by!]", t), Orders(*order, table));
    }
    for (const char* name : {"limit", "offset"}) {
      if (const Json* number = FindMember(args, name)) arguments += Pass(name, "Int", Copy(*number));
    }
    if (const Json* distinct = FindMember(args, "distinct")) {
      Json columns(rapidjson::kArrayType);
      for (const Json& column : ListOf(*distinct)) columns.PushBack(Copy(GraphqlName(column, table)), allocator());
      arguments += Pass("distinct_on", fmt::format("[{}_select_column!]", t), std::move(columns));
    }
    return arguments.empty() ? arguments : '(' + arguments + ')';
  }

  // One argument of the document, its value a variable.
  std::string Pass(std::string_view argument, std::string_view type, Json value) {
    const std::string name = fmt::format("v{}", variables_.MemberCount());
    declarations_ += fmt::format("${}: {} ", name, type);
    variables_.AddMember(Json(name.c_str(), allocator()), value, allocator());
    return fmt::format("{}: ${} ", argument, name);
  }

  // {id name: fullName author{...}}
  std::string Selection(const Json& columns, const Table& table) {
    std::string selection;
    for (const Json& column : ListOf(columns)) {
      if (column.IsObject()) {
        selection += Related(column, table);
      } else if (column.IsString() && View(column) == "*") {
        for (const Column& each : table.columns)
          if (each.may_select) selection += fmt::format("{}: {} ", each.name, each.graphql_name);
      } else {
        selection += fmt::format("{}: {} ", View(column), GraphqlName(column, table));
      }
    }
    return '{' + selection + '}';
  }

  Json Where(const Json& value, const Table& table) {
    Json result(rapidjson::kObjectType);
    if (value.IsArray()) {
      Add(result, "_and", Wheres(value, table));
      return result;
    }
    if (!value.IsObject()) throw Error(code::kParseFailed, "expected an object", path_ + ".where");
    for (const auto& member : value.GetObject()) {
      const std::string_view name = View(member.name);
      const std::string key = Operator(name);
      if (key == "_and" || key == "_or") {
        Add(result, key, Wheres(member.value, table));
      } else if (key == "_not") {
        Add(result, key, Where(member.value, table));
      } else if (const Column* column = FindNamed(table.columns, name)) {
        Add(result, column->graphql_name, Operators(member.value));
      } else if (const Relationship* relationship = FindNamed(table.relationships, name)) {
        Add(result, relationship->name, Where(member.value, Target(*relationship)));
      } else {
        throw Error("not-exists", fmt::format("\"{}\" does not exist", name), path_ + ".where");
      }
    }
    return result;
  }

  // An object for update: database names to those of the API.
  Json Values(const Json& object, const Table& table) {
    Json result(rapidjson::kObjectType);
    if (!object.IsObject()) throw Error(code::kParseFailed, "expected an object", path_);
    for (const auto& member : object.GetObject()) Add(result, GraphqlName(member.name, table), Copy(member.value));
    return result;
  }

  std::shared_ptr<const sql::Compiled> Compile(std::string_view keyword, const std::string& selection) const {
    const std::string document = declarations_.empty()
                                     ? fmt::format("{} {{{}}}", keyword, selection)
                                     : fmt::format("{} ({}) {{{}}}", keyword, declarations_, selection);
    cache::OperationCache none(0);
    try {
      return threefactor::Compile(schema_, {document, "", &variables_}, Limits{}, none);
    } catch (const Error& error) {
      throw Error(error.code(), error.message(), path_);
    }
  }

 private:
  rapidjson::Document::AllocatorType& allocator() { return variables_.GetAllocator(); }
  Json Copy(const Json& value) { return Json(value, allocator()); }
  Json Copy(const std::string& text) { return Json(text.c_str(), allocator()); }
  void Add(Json& object, const std::string& name, Json value) { object.AddMember(Copy(name), value, allocator()); }

  static std::string Operator(std::string_view name) {
    return (name.starts_with('$') ? "_" : "") + std::string(name.substr(name.starts_with('$') ? 1 : 0));
  }

  // {"$eq": 1}, or a value to be equal to.
  Json Operators(const Json& value) {
    Json result(rapidjson::kObjectType);
    if (!value.IsObject()) {
      Add(result, "_eq", Copy(value));
    } else {
      for (const auto& member : value.GetObject()) Add(result, Operator(View(member.name)), Copy(member.value));
    }
    return result;
  }

  Json Wheres(const Json& list, const Table& table) {
    Json result(rapidjson::kArrayType);
    for (const Json& item : ListOf(list)) result.PushBack(Where(item, table), allocator());
    return result;
  }

  // "id", "-author.name", {"column", "type", "nulls"}, or several of these.
  Json Orders(const Json& value, const Table& table) {
    Json result(rapidjson::kArrayType);
    if (value.IsArray()) {
      for (const Json& item : value.GetArray()) result.PushBack(Order(item, table), allocator());
    } else {
      result.PushBack(Order(value, table), allocator());
    }
    return result;
  }

  Json Order(const Json& value, const Table& table) {
    if (value.IsObject()) {
      std::string direction = StringOr(value, "type", "asc", path_);
      const std::string nulls = StringOr(value, "nulls", "", path_);
      if (!nulls.empty()) direction += "_nulls_" + nulls;
      return Order(RequireString(value, "column", path_), direction, table);
    }
    if (!value.IsString()) throw Error(code::kParseFailed, "expected a column's name", path_ + ".order_by");
    std::string_view column = View(value);
    const bool is_descending = column.starts_with('-');
    if (is_descending || column.starts_with('+')) column.remove_prefix(1);
    return Order(column, is_descending ? "desc" : "asc", table);
  }

  Json Order(std::string_view column, const std::string& direction, const Table& table) {
    Json result(rapidjson::kObjectType);
    const std::size_t dot = column.find('.');
    const Relationship* relationship = FindNamed(table.relationships, column.substr(0, dot));
    if (dot != std::string_view::npos && relationship != nullptr) {
      Add(result, relationship->name, Order(column.substr(dot + 1), direction, Target(*relationship)));
    } else {
      Add(result, GraphqlName(Copy(std::string(column)), table), Copy(direction));
    }
    return result;
  }

  const std::string& GraphqlName(const Json& column, const Table& table) const {
    if (!column.IsString()) throw Error(code::kParseFailed, "expected a column's name", path_);
    if (const Column* found = FindNamed(table.columns, View(column))) return found->graphql_name;
    throw Error("not-exists", fmt::format("column \"{}\" does not exist", View(column)), path_);
  }

  const Table& Target(const Relationship& relationship) const {
    return schema_->catalog().tables[static_cast<std::size_t>(relationship.target)];
  }

  std::string Related(const Json& column, const Table& table) {
    const std::string name = RequireString(column, "name", path_);
    const Relationship* relationship = FindNamed(table.relationships, name);
    if (relationship == nullptr) {
      throw Error("not-exists", fmt::format("relationship \"{}\" does not exist", name), path_ + ".columns");
    }
    const Table& target = Target(*relationship);
    const Json* columns = FindMember(column, "columns");
    if (columns == nullptr) throw Error(code::kParseFailed, "key \"columns\" not found", path_ + ".columns");
    const std::string arguments = relationship->is_array ? ListArguments(column, target) : "";
    return fmt::format("{}: {}{} {} ", StringOr(column, "alias", name, path_), name, arguments,
                       Selection(*columns, target));
  }

  Json::ConstArray ListOf(const Json& value) const {
    if (!value.IsArray()) throw Error(code::kParseFailed, "expected a list", path_);
    return value.GetArray();
  }

  const std::string path_;
  const std::shared_ptr<const schema::Schema> schema_;
  rapidjson::Document variables_;
  std::string declarations_;
};

Command Answering(const std::shared_ptr<const sql::Compiled>& compiled, Command::Answer answer) {
  Command command;
  command.answer = answer;
  command.statements = compiled->statements;
  command.result = static_cast<int>(compiled->statements.size()) - 1;
  return command;
}

}  // namespace

bool IsDataQuery(std::string_view type) {
  return type == "select" || type == "count" || type == "update" || type == "delete";
}

Command ReadDataQuery(std::string_view type, const Json& args, const std::string& path,
                      const std::shared_ptr<const schema::Schema>& schema) {
  using schema::FieldKind;
  Translation translation(path, schema);
  const Table& table = translation.FindTable(args);
  if (type == "select" || type == "count") {
    const bool is_count = type == "count";
    const Json* columns = FindMember(args, "columns");
    if (!is_count && columns == nullptr) throw Error(code::kParseFailed, "key \"columns\" not found", path);
    const std::string& root =
        translation.RootField(schema->query(), is_count ? FieldKind::kSelectAggregate : FieldKind::kSelect, table);
    const std::string arguments = translation.ListArguments(args, table);
    const std::string selection = is_count ? "{aggregate{count}}" : translation.Selection(*columns, table);
    return Answering(translation.Compile("query", root + arguments + selection),
                     is_count ? Command::Answer::kInner : Command::Answer::kJson);
  }
  const bool is_update = type == "update";
  const std::string& root =
      translation.RootField(schema->mutation(), is_update ? FieldKind::kUpdate : FieldKind::kDelete, table);
  const Json* where = FindMember(args, "where");
  if (where == nullptr) throw Error(code::kParseFailed, "key \"where\" not found", path);
  std::string arguments =
      translation.Pass("where", table.graphql_name + "_bool_exp!", translation.Where(*where, table));
  for (const auto& [old, name] : {std::pair("$set", "_set"), std::pair("$inc", "_inc")}) {
    const Json* values = is_update ? FindMember(args, old) : nullptr;
    if (values == nullptr) continue;
    arguments +=
        translation.Pass(name, fmt::format("{}{}_input", table.graphql_name, name), translation.Values(*values, table));
  }
  const Json* columns = FindMember(args, "returning");
  const std::string returning = columns == nullptr ? "" : "returning" + translation.Selection(*columns, table);
  return Answering(
      translation.Compile("mutation", fmt::format("{}({}){{affected_rows {}}}", root, arguments, returning)),
      Command::Answer::kJson);
}

}  // namespace threefactor::metadata
