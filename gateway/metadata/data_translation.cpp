#include "metadata/data_translation.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>

#include "error.hpp"
#include "pipeline.hpp"
#include "schema/names.hpp"
#include "validation/decimal.hpp"
#include "validation/path.hpp"

namespace threefactor::metadata {

namespace {

using schema::Column;
using schema::Relationship;
using schema::Table;

template <typename Named>
const Named* FindNamed(const std::vector<Named>& list, std::string_view name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Named& each) { return each.name == name; });
  return found == list.end() ? nullptr : &*found;
}

// What the first API has, and GraphQL has not.
constexpr std::array<std::string_view, 7> kNotServed = {"_exists", "_ceq", "_cneq", "_cgt", "_clt", "_cgte", "_clte"};

std::span<const Json> ListOf(const Json& value, const std::string& path) {
  if (!value.IsArray()) throw Error(code::kParseFailed, "expected a list", path);
  return value.Items();
}

void CheckObject(const Json& value, const std::string& path) {
  if (!value.IsObject()) throw Error(code::kParseFailed, "expected an object", path);
  if (const Json* name = value.RepeatedName())
    throw Error(code::kParseFailed, fmt::format("the key \"{}\" is given twice", name->Text()), path);
}

// What an answer calls a column or a relationship: it becomes a part of the document.
const std::string& Alias(const std::string& name, const std::string& path) {
  if (schema::IsGraphqlName(name)) return name;
  throw Error(code::kNotSupported, fmt::format("\"{}\" is no name that an answer can have", name), path);
}

// The errors have the places and words that those of Hasura's first API have.
std::string CountOfRows(const Json& number, const char* name, const std::string& path) {
  if (!number.IsNumber()) {
    constexpr std::array<std::string_view, 6> kNames = {"Null", "Boolean", "Number", "String", "Array", "Object"};
    throw Error(code::kParseFailed,
                fmt::format("parsing Int failed, expected Number, but encountered {}",
                            kNames.at(static_cast<std::size_t>(number.kind()))),
                fmt::format("$.{}", name));
  }
  const auto count = validation::IntegerFromDecimal(number.Text());
  if (!count)
    throw Error(
        code::kParseFailed,
        fmt::format("parsing Int failed, value is either floating or will cause over or underflow {}", number.Text()),
        fmt::format("$.{}", name));
  if (*count < 0) throw Error(code::kNotSupported, "unexpected negative value", At(path, name));
  return std::to_string(*count);
}

}  // namespace

std::string At(const std::string& path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

std::string At(const std::string& path, std::string_view key) {
  validation::Path result(path);
  const auto scope = result.Key(key);
  return result.text();
}

std::string JsonString(std::string_view text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return {buffer.GetString(), buffer.GetSize()};
}

void ObjectText::Add(std::string_view name, std::string_view json) {
  if (!members_.empty()) members_ += ',';
  members_.append(JsonString(name)).append(":").append(json);
}

Translation::Translation(std::string path, std::shared_ptr<const schema::Schema> schema)
    : path_(std::move(path)), schema_(std::move(schema)) {}

const Table& Translation::FindTable(const Json& args) const {
  const QualifiedName wanted = RequireName(args, "table", path_);
  for (const Table& table : schema_->catalog().tables)
    if (table.schema == wanted.schema && table.name == wanted.name) return table;
  const std::string name = wanted.schema == "public" ? wanted.name : wanted.schema + "." + wanted.name;
  throw Error("not-exists", fmt::format("table \"{}\" does not exist", name), At(path_, "table"));
}

const std::string& Translation::RootField(const schema::Type* root, schema::FieldKind kind, const Table& table) const {
  if (root != nullptr) {
    for (const schema::Field& field : root->fields)
      if (field.kind == kind && field.table == &table && field.function == nullptr) return field.name;
  }
  throw Error("permission-denied", fmt::format("\"{}\" does not allow that", table.name), At(path_, "table"));
}

std::string Translation::ListArguments(const Json& args, const Table& table, const std::string& path) {
  std::string arguments;
  const std::string& t = table.graphql_name;
  if (const Json* where = FindMember(args, "where"))
    arguments += Pass("where", t + "_bool_exp", Where(*where, table, At(path, "where")));
  if (const Json* order = FindMember(args, "order_by"))
    arguments += Pass("order_by", fmt::format("[{}_order_by!]", t), Orders(*order, table, At(path, "order_by")));
  for (const char* name : {"limit", "offset"})
    if (const Json* number = FindMember(args, name)) arguments += Pass(name, "Int", CountOfRows(*number, name, path));
  if (const Json* distinct = FindMember(args, "distinct"))
    arguments +=
        Pass("distinct_on", fmt::format("[{}_select_column!]", t), Columns(*distinct, table, At(path, "distinct")));
  return arguments.empty() ? arguments : '(' + arguments + ')';
}

std::string Translation::Pass(std::string_view argument, const std::string& type, const std::string& value) {
  const std::string name = fmt::format("v{}", passed_++);
  declarations_ += fmt::format("${}: {} ", name, type);
  variables_ += fmt::format("{}\"{}\":{}", variables_.empty() ? "" : ",", name, value);
  return fmt::format("{}: ${} ", argument, name);
}

std::string Translation::Selection(const Json& columns, const Table& table, const std::string& path) {
  std::string selection;
  const auto add_all = [&] {
    for (const Column& each : table.columns)
      if (each.may_select) selection += fmt::format("{}: {} ", Alias(each.name, path), each.graphql_name);
  };
  if (columns.IsString() && columns.Text() == "*") {
    add_all();
    return '{' + selection + '}';
  }
  const auto list = ListOf(columns, path);
  if (list.empty()) throw Error(code::kParseFailed, "expected at least one column", path);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Json& column = list[i];
    if (column.IsObject()) {
      selection += Related(column, table, At(path, i));
    } else if (column.IsString() && column.Text() == "*") {
      add_all();
    } else {
      const Column& found = FindColumn(column, table, At(path, i));
      selection += fmt::format("{}: {} ", Alias(found.name, At(path, i)), found.graphql_name);
    }
  }
  return '{' + selection + '}';
}

std::string Translation::Related(const Json& column, const Table& table, const std::string& path) {
  CheckObject(column, path);
  RefuseOtherKeys(column, {"name", "alias", "columns", "where", "order_by", "limit", "offset"}, path);
  const std::string name = RequireString(column, "name", path);
  const Relationship* relationship = FindNamed(table.relationships, name);
  if (relationship == nullptr)
    throw Error("not-exists", fmt::format("relationship \"{}\" does not exist", name), At(path, "name"));
  const Table& target = Target(*relationship);
  const Json* columns = FindMember(column, "columns");
  if (columns == nullptr) throw Error(code::kParseFailed, "key \"columns\" not found", path);
  const std::string arguments = ListArguments(column, target, path);
  if (!relationship->is_array && !arguments.empty())
    throw Error(code::kParseFailed, fmt::format("\"{}\" is one row: it takes no such arguments", name), path);
  return fmt::format("{}: {}{} {} ", Alias(StringOr(column, "alias", name, path), At(path, "alias")), name, arguments,
                     Selection(*columns, target, At(path, "columns")));
}

// "$eq" and "_eq" are the same; "$ne" has two names more.
std::string Translation::Operator(std::string_view name, const std::string& path) {
  std::string key(name);
  if (key.starts_with('$')) key.front() = '_';
  if (key == "_ne") key = "_neq";
  if (key == "_cne") key = "_cneq";
  if (std::find(kNotServed.begin(), kNotServed.end(), key) != kNotServed.end())
    throw Error(code::kNotSupported, fmt::format("the operator \"{}\" is not supported", name), path);
  if (name.starts_with('$')) operators_.insert(key);
  return key;
}

std::string Translation::Where(const Json& value, const Table& table, const std::string& path) {
  ObjectText result;
  if (value.IsArray()) {
    result.Add("_and", Wheres(value, table, path));
    return result.Take();
  }
  CheckObject(value, path);
  for (const auto& [key, inner] : value.Members()) {
    const std::string_view name = key.Text();
    const std::string inner_path = At(path, name);
    const std::string connective = Operator(name, inner_path);
    if (connective == "_and" || connective == "_or") {
      result.Add(connective, Wheres(inner, table, inner_path));
    } else if (connective == "_not") {
      result.Add(connective, Where(inner, table, inner_path));
    } else if (const Column* column = FindNamed(table.columns, name)) {
      result.Add(column->graphql_name, Operators(inner, inner_path));
    } else if (const Relationship* relationship = FindNamed(table.relationships, name)) {
      result.Add(relationship->name, Where(inner, Target(*relationship), inner_path));
    } else {
      throw Error("not-exists", fmt::format("column \"{}\" does not exist", name), inner_path);
    }
  }
  return result.Take();
}

std::string Translation::Wheres(const Json& list, const Table& table, const std::string& path) {
  std::string result;
  const auto items = ListOf(list, path);
  for (std::size_t i = 0; i < items.size(); ++i)
    result.append(i == 0 ? "" : ",").append(Where(items[i], table, At(path, i)));
  return '[' + result + ']';
}

// {"$eq": 1}, or a value to be equal to. A cast holds operators of its own, by the type that is cast to.
std::string Translation::Operators(const Json& value, const std::string& path) {
  ObjectText result;
  if (!value.IsObject()) {
    result.Add("_eq", WriteJson(value));
    return result.Take();
  }
  CheckObject(value, path);
  for (const auto& [name, operand] : value.Members()) {
    const std::string operand_path = At(path, name.Text());
    const std::string key = Operator(name.Text(), operand_path);
    if (key != "_cast") {
      result.Add(key, WriteJson(operand));
      continue;
    }
    CheckObject(operand, operand_path);
    ObjectText casts;
    for (const auto& [type, operators] : operand.Members()) {
      const std::string_view scalar = type.Text() == "text" ? "String" : type.Text();
      casts.Add(scalar, Operators(operators, At(operand_path, type.Text())));
    }
    result.Add(key, casts.Take());
  }
  return result.Take();
}

// "id", "-author.name", {"column", "type", "nulls"}, or several of these.
std::string Translation::Orders(const Json& value, const Table& table, const std::string& path) const {
  if (!value.IsArray()) return '[' + Order(value, table, path) + ']';
  std::string result;
  for (std::size_t i = 0; i < value.Items().size(); ++i)
    result.append(i == 0 ? "" : ",").append(Order(value.Items()[i], table, At(path, i)));
  return '[' + result + ']';
}

std::string Translation::Order(const Json& value, const Table& table, const std::string& path) const {
  if (value.IsObject()) {
    CheckObject(value, path);
    RefuseOtherKeys(value, {"column", "type", "nulls"}, path);
    std::string direction = StringOr(value, "type", "asc", path);
    const std::string nulls = StringOr(value, "nulls", "", path);
    if (direction != "asc" && direction != "desc")
      throw Error(code::kParseFailed, "expected asc or desc", At(path, "type"));
    if (!nulls.empty() && nulls != "first" && nulls != "last")
      throw Error(code::kParseFailed, "expected first or last", At(path, "nulls"));
    if (!nulls.empty()) direction += "_nulls_" + nulls;
    return Order(RequireString(value, "column", path), direction, table, path);
  }
  if (!value.IsString()) throw Error(code::kParseFailed, "expected a column's name", path);
  std::string_view column = value.Text();
  const bool is_descending = column.starts_with('-');
  if (is_descending || column.starts_with('+')) column.remove_prefix(1);
  return Order(column, is_descending ? "desc" : "asc", table, path);
}

std::string Translation::Order(std::string_view column, const std::string& direction, const Table& table,
                               const std::string& path) const {
  ObjectText result;
  const std::size_t dot = column.find('.');
  const Relationship* relationship = FindNamed(table.relationships, column.substr(0, dot));
  if (dot != std::string_view::npos && relationship != nullptr) {
    result.Add(relationship->name, Order(column.substr(dot + 1), direction, Target(*relationship), path));
  } else if (const Column* found = FindNamed(table.columns, column)) {
    result.Add(found->graphql_name, JsonString(direction));
  } else {
    throw Error("not-exists", fmt::format("column \"{}\" does not exist", column), path);
  }
  return result.Take();
}

std::string Translation::Columns(const Json& list, const Table& table, const std::string& path) const {
  std::string result;
  const auto items = ListOf(list, path);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].IsString() && FindNamed(table.columns, items[i].Text()) == nullptr)
      throw Error("permission-denied", fmt::format("no such column exists : \"{}\"", items[i].Text()), At(path, i));
    result.append(i == 0 ? "" : ",").append(JsonString(FindColumn(items[i], table, At(path, i)).graphql_name));
  }
  return '[' + result + ']';
}

const Column& Translation::FindColumn(const Json& name, const Table& table, const std::string& path) const {
  if (!name.IsString()) throw Error(code::kParseFailed, "expected a column's name", path);
  if (const Column* found = FindNamed(table.columns, name.Text())) return *found;
  throw Error("not-exists", fmt::format("column \"{}\" does not exist", name.Text()), path);
}

const Table& Translation::Target(const Relationship& relationship) const {
  return schema_->catalog().tables[static_cast<std::size_t>(relationship.target)];
}

std::string Translation::PathOf(const std::string& document_path) const {
  constexpr std::string_view kSelection = ".selectionSet.";
  constexpr std::string_view kArguments = ".args";
  const std::size_t arguments = document_path.find(kArguments);
  const bool is_of_root = document_path.rfind(kSelection) == 1 && arguments != std::string::npos;
  if (!is_of_root) return path_;
  std::string path = path_ + document_path.substr(arguments + kArguments.size());
  for (const std::string& name : operators_) {
    const std::string step = '.' + name;
    const std::string named = "['$" + name.substr(1) + "']";
    for (std::size_t at = path.find(step); at != std::string::npos; at = path.find(step, at + 1)) {
      const std::size_t end = at + step.size();
      if (end == path.size() || path[end] == '.' || path[end] == '[') path.replace(at, step.size(), named);
    }
  }
  return path;
}

std::shared_ptr<const sql::Compiled> Translation::Compile(std::string_view keyword, const std::string& selection,
                                                          const std::function<void(plan::Plan&)>& amend) const {
  const std::string document = declarations_.empty() ? fmt::format("{} {{{}}}", keyword, selection)
                                                     : fmt::format("{} ({}) {{{}}}", keyword, declarations_, selection);
  try {
    const JsonDocument variables = ParseJson('{' + variables_ + '}', "the request");
    return CompileAmended(*schema_, {document, "", &variables.root()}, Limits{}, amend);
  } catch (const Error& error) {
    throw Error(error.code(), error.message(), PathOf(error.path()));
  }
}

}  // namespace threefactor::metadata
