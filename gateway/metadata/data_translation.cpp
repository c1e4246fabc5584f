#include "metadata/data_translation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/characters.hpp"
#include "base/error.hpp"
#include "pipeline/pipeline.hpp"
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

// What an answer calls a column or a relationship: only names of GraphQL may become a part of the statement.
const std::string& Alias(const std::string& name, const std::string& path) {
  if (IsPublicName(name)) return name;
  throw Error(code::kNotSupported, fmt::format("\"{}\" is no name that an answer can have", name), path);
}

// The errors have the places and words that those of Hasura's first API have.
Json CountOfRows(JsonBuilder& values, const Json& number, const char* name, const std::string& path) {
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
  return values.Number(std::to_string(*count));
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

Translation::Translation(std::string path, std::shared_ptr<const schema::Schema> schema)
    : path_(std::move(path)), schema_(std::move(schema)), values_(1024) {
  document_.source = std::make_unique<const std::string>();
}

std::string_view Translation::Keep(std::string text) {
  return document_.decoded_strings.emplace_front(std::move(text));
}

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

Translation::Arguments Translation::ListArguments(const Json& args, const Table& table, const std::string& path) {
  constexpr auto kList = TypeWrapper::kList;
  constexpr auto kNonNull = TypeWrapper::kNonNull;
  const std::string& t = table.graphql_name;
  Arguments arguments;
  if (const Json* where = FindMember(args, "where"))
    arguments.push_back(Pass("where", t + "_bool_exp", {}, Where(*where, table, At(path, "where"))));
  if (const Json* order = FindMember(args, "order_by"))
    arguments.push_back(
        Pass("order_by", t + "_order_by", {kList, kNonNull}, Orders(*order, table, At(path, "order_by"))));
  for (const char* name : {"limit", "offset"})
    if (const Json* number = FindMember(args, name))
      arguments.push_back(Pass(name, "Int", {}, CountOfRows(values_, *number, name, path)));
  if (const Json* distinct = FindMember(args, "distinct"))
    arguments.push_back(
        Pass("distinct_on", t + "_select_column", {kList, kNonNull}, Columns(*distinct, table, At(path, "distinct"))));
  return arguments;
}

language::Argument Translation::Pass(std::string_view argument, const std::string& type,
                                     std::vector<TypeWrapper> wrappers, const Json& value) {
  language::VariableDefinition& variable = operation_.variables.emplace_back();
  variable.name = Keep(fmt::format("v{}", operation_.variables.size() - 1));
  variable.type.name = Keep(type);
  variable.type.wrappers = std::move(wrappers);
  variables_.insert(variables_.end(), {values_.String(variable.name), value});
  language::Argument passed;
  passed.name = argument;
  passed.value.kind = language::Value::Kind::kVariable;
  passed.value.text = variable.name;
  return passed;
}

language::Selection Translation::Field(std::string_view name, Arguments arguments, Selections selections) {
  language::Selection field;
  field.name = name;
  field.arguments = std::move(arguments);
  field.selections = std::move(selections);
  return field;
}

Translation::Selections Translation::Select(const Json& columns, const Table& table, const std::string& path) {
  Selections selections;
  const auto add = [&](const Column& column, const std::string& column_path) {
    selections.push_back(Field(column.graphql_name, {}, {}));
    selections.back().alias = Alias(column.name, column_path);
  };
  const auto add_all = [&] {
    for (const Column& each : table.columns)
      if (each.may_select && !each.is_hidden) add(each, path);
  };
  if (columns.IsString() && columns.Text() == "*") {
    add_all();
    return selections;
  }
  const auto list = ListOf(columns, path);
  if (list.empty()) throw Error(code::kParseFailed, "expected at least one column", path);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Json& column = list[i];
    if (column.IsObject()) {
      selections.push_back(Related(column, table, At(path, i)));
    } else if (column.IsString() && column.Text() == "*") {
      add_all();
    } else {
      add(FindColumn(column, table, At(path, i)), At(path, i));
    }
  }
  return selections;
}

language::Selection Translation::Related(const Json& column, const Table& table, const std::string& path) {
  CheckObject(column, path);
  RefuseOtherKeys(column, {"name", "alias", "columns", "where", "order_by", "limit", "offset"}, path);
  const std::string name = RequireString(column, "name", path);
  const Relationship* relationship = FindNamed(table.relationships, name);
  if (relationship == nullptr)
    throw Error("not-exists", fmt::format("relationship \"{}\" does not exist", name), At(path, "name"));
  const Table& target = Target(*relationship);
  const Json* columns = FindMember(column, "columns");
  if (columns == nullptr) throw Error(code::kParseFailed, "key \"columns\" not found", path);
  Arguments arguments = ListArguments(column, target, path);
  if (!relationship->is_array && !arguments.empty())
    throw Error(code::kParseFailed, fmt::format("\"{}\" is one row: it takes no such arguments", name), path);
  language::Selection field =
      Field(relationship->name, std::move(arguments), Select(*columns, target, At(path, "columns")));
  field.alias = Keep(Alias(StringOr(column, "alias", name, path), At(path, "alias")));
  return field;
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

Json Translation::Where(const Json& value, const Table& table, const std::string& path) {
  if (value.IsArray()) return values_.Object(std::array{values_.String("_and"), Wheres(value, table, path)});
  CheckObject(value, path);
  std::vector<Json> members;
  const auto add = [&](std::string_view name, const Json& inner) {
    members.insert(members.end(), {values_.String(name), inner});
  };
  for (const auto& [key, inner] : value.Members()) {
    const std::string_view name = key.Text();
    const std::string inner_path = At(path, name);
    const std::string connective = Operator(name, inner_path);
    if (connective == "_and" || connective == "_or") {
      add(connective, Wheres(inner, table, inner_path));
    } else if (connective == "_not") {
      add(connective, Where(inner, table, inner_path));
    } else if (const Column* column = FindNamed(table.columns, name)) {
      add(column->graphql_name, Operators(inner, inner_path));
    } else if (const Relationship* relationship = FindNamed(table.relationships, name)) {
      add(relationship->name, Where(inner, Target(*relationship), inner_path));
    } else {
      throw Error("not-exists", fmt::format("column \"{}\" does not exist", name), inner_path);
    }
  }
  return values_.Object(members);
}

Json Translation::Wheres(const Json& list, const Table& table, const std::string& path) {
  std::vector<Json> wheres;
  const auto items = ListOf(list, path);
  for (std::size_t i = 0; i < items.size(); ++i) wheres.push_back(Where(items[i], table, At(path, i)));
  return values_.Array(wheres);
}

// {"$eq": 1}, or a value to be equal to. A cast holds operators of its own, by the type that is cast to.
Json Translation::Operators(const Json& value, const std::string& path) {
  if (!value.IsObject()) return values_.Object(std::array{values_.String("_eq"), value});
  CheckObject(value, path);
  std::vector<Json> members;
  for (const auto& [name, operand] : value.Members()) {
    const std::string operand_path = At(path, name.Text());
    const std::string key = Operator(name.Text(), operand_path);
    members.push_back(values_.String(key));
    if (key != "_cast") {
      members.push_back(operand);
      continue;
    }
    CheckObject(operand, operand_path);
    std::vector<Json> casts;
    for (const auto& [type, operators] : operand.Members()) {
      casts.push_back(type.Text() == "text" ? values_.String("String") : type);
      casts.push_back(Operators(operators, At(operand_path, type.Text())));
    }
    members.push_back(values_.Object(casts));
  }
  return values_.Object(members);
}

// "id", "-author.name", {"column", "type", "nulls"}, or several of these.
Json Translation::Orders(const Json& value, const Table& table, const std::string& path) {
  std::vector<Json> orders;
  if (!value.IsArray()) orders.push_back(Order(value, table, path));
  for (std::size_t i = 0; i < value.Items().size(); ++i) orders.push_back(Order(value.Items()[i], table, At(path, i)));
  return values_.Array(orders);
}

Json Translation::Order(const Json& value, const Table& table, const std::string& path) {
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

// Not by recursion: a name may have as many steps as the request has bytes.
Json Translation::Order(std::string_view column, std::string_view direction, const Table& table,
                        const std::string& path) {
  const Table* owner = &table;
  std::vector<const Relationship*> steps;
  for (std::size_t dot = column.find('.'); dot != std::string_view::npos; dot = column.find('.')) {
    const Relationship* step = FindNamed(owner->relationships, column.substr(0, dot));
    if (step == nullptr) break;
    if (steps.size() == static_cast<std::size_t>(Limits{}.SafeDepth()))
      throw Error(code::kValidationFailed, fmt::format("the order is of more than {} steps", steps.size()), path);
    steps.push_back(step);
    owner = &Target(*step);
    column.remove_prefix(dot + 1);
  }
  const Column* found = FindNamed(owner->columns, column);
  if (found == nullptr) throw Error("not-exists", fmt::format("column \"{}\" does not exist", column), path);
  Json order = values_.Object(std::array{values_.String(found->graphql_name), values_.String(direction)});
  for (auto step = steps.rbegin(); step != steps.rend(); ++step)
    order = values_.Object(std::array{values_.String((*step)->name), order});
  return order;
}

Json Translation::Columns(const Json& list, const Table& table, const std::string& path) {
  std::vector<Json> columns;
  const auto items = ListOf(list, path);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].IsString() && FindNamed(table.columns, items[i].Text()) == nullptr)
      throw Error("permission-denied", fmt::format("no such column exists : \"{}\"", items[i].Text()), At(path, i));
    columns.push_back(values_.String(FindColumn(items[i], table, At(path, i)).graphql_name));
  }
  return values_.Array(columns);
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

std::shared_ptr<const sql::Compiled> Translation::Compile(language::OperationDefinition::Kind kind,
                                                          language::Selection root,
                                                          const std::function<void(plan::Plan&)>& amend) {
  operation_.kind = kind;
  operation_.selections.push_back(std::move(root));
  document_.operations.push_back(std::move(operation_));
  try {
    return CompileBuilt(*schema_, document_, values_.Object(variables_), Limits{}, amend);
  } catch (const Error& error) {
    throw Error(error.code(), error.message(), PathOf(error.path()));
  }
}

}  // namespace threefactor::metadata
