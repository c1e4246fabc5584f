// Functions of the metadata: tracked ones, and those of computed fields (gateway/dialect/functions.md).
#include <algorithm>

#include "base/characters.hpp"
#include "schema/metadata.hpp"
#include "schema/names.hpp"
#include "schema/scalars.hpp"

namespace threefactor::schema {

namespace {

// The order of the elements is that of threefactor_private.describe_type.
enum { kName, kSchema, kType, kKind, kSqlType, kRow, kArray, kElementSchema, kElement, kElementKind, kSize };

Column ReadType(const Json& row, const Catalog& catalog) {
  if (List(row).Size() != kSize) Malformed("a type has another shape");
  Column type;
  type.sql_type = Text(row[kSqlType]);
  type.is_array = Flag(row[kArray]);
  const std::string_view kind = Text(row[kElementKind]);
  DescribeType({Text(row[kElementSchema]), Text(row[kElement]), kind.empty() ? 'b' : kind.front()}, type);
  type.own = FindOwnNames(catalog, Text(row[kElementSchema]), Text(row[kElement]), type.is_array);
  return type;
}

std::vector<FunctionArgument> ReadArguments(const Json& function, const Catalog& catalog) {
  std::vector<FunctionArgument> arguments;
  const auto rows = List(Member(function, "arguments"));
  const unsigned defaults = Number(Member(function, "defaults"));
  int unnamed = 0;
  for (const Json& row : rows) {
    FunctionArgument& argument = arguments.emplace_back();
    argument.type = ReadType(row, catalog);
    argument.name = Text(row[kName]);
    argument.is_named = !argument.name.empty();
    if (!argument.is_named) argument.name = "arg_" + std::to_string(++unnamed);
    argument.has_default = arguments.size() + defaults > rows.Size();
  }
  return arguments;
}

int FindTable(const Catalog& catalog, Oid oid) {
  const auto found =
      std::find_if(catalog.tables.begin(), catalog.tables.end(), [&](const Table& table) { return table.oid == oid; });
  return found == catalog.tables.end() ? -1 : static_cast<int>(found - catalog.tables.begin());
}

Function ReadFunction(const Json& function, const Catalog& catalog, const Json& reads) {
  Function result;
  result.oid = Number(Member(function, "oid"));
  result.schema = Text(Member(function, "schema"));
  result.name = Text(Member(function, "name"));
  result.comment = Text(Member(function, "comment"));
  result.returns_set = Flag(Member(function, "set"));
  result.is_mutation = Flag(Member(function, "volatile"));
  const Json& type = Member(function, "result");
  result.result = ReadType(type, catalog);
  result.table = FindTable(catalog, Number(type[kRow]));
  result.arguments = ReadArguments(function, catalog);
  for (const Json& relation : List(Member(reads, std::to_string(result.oid).c_str())))
    result.reads.push_back(Number(relation));
  return result;
}

void SetRole(Function& function, std::string_view name, FunctionArgument::Role role) {
  for (FunctionArgument& argument : function.arguments) {
    if (argument.is_named && argument.name == name) argument.role = role;
  }
}

// A value or rows of a table in the API.
bool CanBeServed(const Function& function, bool returns_row) {
  return returns_row ? function.table >= 0 : !function.returns_set;
}

// Itself, and every argument.
bool HasNames(std::string_view name, const Function& function) {
  const auto has_name = [](const FunctionArgument& argument) {
    return argument.role != FunctionArgument::Role::kValue || IsPublicName(argument.name);
  };
  return IsPublicName(name) && std::all_of(function.arguments.begin(), function.arguments.end(), has_name);
}

bool ReturnsRow(const Json& function) {
  return Number(Member(function, "result")[kRow]) != 0;
}

std::string NameOr(std::string name, std::string otherwise) {
  return IsPublicName(name) ? std::move(name) : std::move(otherwise);
}

}  // namespace

void Metadata::AddFunctions(Catalog& catalog, const Json& reads) const {
  if (document_ == nullptr) return;
  for (const Json& row : List(Member(*document_, "functions"))) {
    const Json& described = Member(row, "function");
    const Json& configuration = Member(row, "configuration");
    Function function = ReadFunction(described, catalog, reads);
    SetRole(function, TextAt(configuration, {"session_argument"}), FunctionArgument::Role::kSession);
    const std::string exposed_as = TextAt(configuration, {"exposed_as"});
    if (!exposed_as.empty()) function.is_mutation = exposed_as == "mutation";
    if (const std::string_view comment = Text(Member(row, "comment")); !comment.empty()) function.comment = comment;
    const std::string name = NameOr(TextAt(configuration, {"custom_name"}), TableName(function.schema, function.name));
    function.graphql_name = name;
    function.root_name = NameOr(TextAt(configuration, {"custom_root_fields", "function"}), name);
    function.aggregate_name =
        NameOr(TextAt(configuration, {"custom_root_fields", "function_aggregate"}), name + "_aggregate");
    if (!HasNames(name, function)) {
      catalog.omissions.push_back(
          Inexpressible("function", function.schema, function.name, "",
                        "give it a custom_name by track_function; arguments need other names in the database"));
    } else if (ReturnsRow(described) && CanBeServed(function, true)) {
      catalog.functions.push_back(std::move(function));
    }
  }
  for (const Json& row : List(Member(*document_, "computed_fields"))) {
    const int table = FindTable(catalog, Number(Member(row, "oid")));
    if (table < 0) continue;
    const Json& described = Member(row, "function");
    ComputedField field;
    field.name = Text(Member(row, "name"));
    field.comment = Text(Member(row, "comment"));
    field.function = ReadFunction(described, catalog, reads);
    const std::string_view row_argument = Text(Member(row, "table_argument"));
    SetRole(field.function, Text(Member(row, "session_argument")), FunctionArgument::Role::kSession);
    if (row_argument.empty() && !field.function.arguments.empty()) {
      field.function.arguments.front().role = FunctionArgument::Role::kRow;
    } else {
      SetRole(field.function, row_argument, FunctionArgument::Role::kRow);
    }
    if (!HasNames(field.name, field.function)) {
      const Table& of = catalog.tables[static_cast<std::size_t>(table)];
      catalog.omissions.push_back(Inexpressible("computed_field", of.schema, of.name, field.name,
                                                "add it by another name; arguments need other names in the database"));
    } else if (CanBeServed(field.function, ReturnsRow(described))) {
      catalog.tables[static_cast<std::size_t>(table)].computed_fields.push_back(std::move(field));
    }
  }
}

}  // namespace threefactor::schema
