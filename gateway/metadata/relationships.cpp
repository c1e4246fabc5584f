// create_object_relationship and its kin: over a foreign key of either table, or between columns that are named.
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "execute/text_array.hpp"
#include "metadata/inconsistent.hpp"
#include "metadata/kinds.hpp"

namespace threefactor::metadata {

namespace {

struct Using {
  std::optional<QualifiedName> target;
  std::optional<std::string> columns;  // text[]
  std::optional<std::string> target_columns;
  bool after_parent = false;
};

// "column" or ["column", ...]
std::string ReadColumns(const Json& value, const std::string& path) {
  std::vector<std::string> columns;
  if (value.IsString()) columns.emplace_back(value.Text());
  if (value.IsArray()) {
    for (const Json& column : value.Items()) {
      if (!column.IsString()) throw Error(code::kParseFailed, "expected a column's name", path);
      columns.emplace_back(column.Text());
    }
  }
  if (columns.empty()) throw Error(code::kParseFailed, "expected a column's name or a list of them", path);
  return execute::TextArray(columns);
}

void ReadForeignKey(const Json& value, const std::string& path, Using& result) {
  if (!value.IsObject()) {
    result.columns = ReadColumns(value, path);
    return;
  }
  RefuseOtherKeys(value, {"table", "columns", "column"}, path);
  result.target = RequireName(value, "table", path);
  const Json* columns = FindMember(value, "columns");
  if (columns == nullptr) columns = FindMember(value, "column");
  if (columns == nullptr) throw Error(code::kParseFailed, "key \"column\" not found", path);
  result.target_columns = ReadColumns(*columns, path);
}

void ReadManual(const Json& value, const std::string& path, Using& result) {
  RefuseOtherKeys(value, {"remote_table", "column_mapping", "insertion_order"}, path);
  result.target = RequireName(value, "remote_table", path);
  const Json* mapping = ObjectOrNull(value, "column_mapping", path);
  if (mapping == nullptr) throw Error(code::kParseFailed, "key \"column_mapping\" not found", path);
  std::vector<std::string> own;
  std::vector<std::string> others;
  for (const auto& member : mapping->Members()) {
    if (!member.value.IsString()) throw Error(code::kParseFailed, "expected a column's name", path + ".column_mapping");
    own.emplace_back(member.name.Text());
    others.emplace_back(member.value.Text());
  }
  result.columns = execute::TextArray(own);
  result.target_columns = execute::TextArray(others);
  const std::string order = StringOr(value, "insertion_order", "before_parent", path);
  if (order != "before_parent" && order != "after_parent") {
    throw Error(code::kParseFailed, "insertion_order is before_parent or after_parent", path + ".insertion_order");
  }
  result.after_parent = order == "after_parent";
}

Using ReadUsing(const Json& args, const std::string& path, bool is_array) {
  const Json* given = ObjectOrNull(args, "using", path);
  if (given == nullptr) throw Error(code::kParseFailed, "key \"using\" not found", path);
  const std::string inner = path + ".using";
  RefuseOtherKeys(*given, {"foreign_key_constraint_on", "manual_configuration"}, inner);
  Using result;
  const Json* key = FindMember(*given, "foreign_key_constraint_on");
  const Json* manual = ObjectOrNull(*given, "manual_configuration", inner);
  if ((key == nullptr) == (manual == nullptr)) {
    throw Error(code::kParseFailed, "one of foreign_key_constraint_on and manual_configuration should be given", inner);
  }
  if (key != nullptr && is_array && !key->IsObject()) {
    throw Error(code::kParseFailed, "Expecting object { table, columns }.", inner + ".foreign_key_constraint_on");
  }
  if (key != nullptr) ReadForeignKey(*key, inner + ".foreign_key_constraint_on", result);
  if (manual != nullptr) ReadManual(*manual, inner + ".manual_configuration", result);
  return result;
}

Command Create(const Json& args, const std::string& path, bool is_array) {
  RefuseOtherKeys(args, {"table", "name", "using", "comment", "source"}, path);
  const QualifiedName table = RequireName(args, "table", path);
  const Using given = ReadUsing(args, path, is_array);
  std::optional<std::string> comment;
  if (FindMember(args, "comment") != nullptr) comment = RequireString(args, "comment", path);
  std::optional<std::string> target_schema;
  std::optional<std::string> target_name;
  if (given.target) {
    target_schema = given.target->schema;
    target_name = given.target->name;
  }
  Command command = Call(
      "SELECT threefactor.add_relationship(threefactor.find_relation($1, $2), $3, $4::boolean, $5::pg_catalog.text[],"
      " CASE WHEN $6::pg_catalog.text IS NOT NULL THEN threefactor.find_relation($6, $7) END, $8::pg_catalog.text[], "
      "$9::boolean, $10)",
      {table.schema, table.name, RequireString(args, "name", path), is_array ? "true" : "false", given.columns,
       target_schema, target_name, given.target_columns, given.after_parent ? "true" : "false", comment},
      path);
  command.object = DescribeObject(is_array ? "array_relation" : "object_relation", table, args, "using");
  return command;
}

Command CreateObject(const Json& args, const std::string& path) {
  return Create(args, path, false);
}
Command CreateArray(const Json& args, const std::string& path) {
  return Create(args, path, true);
}

Command Drop(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"table", "relationship", "cascade", "source"}, path);
  const QualifiedName table = RequireName(args, "table", path);
  return Call("SELECT threefactor.drop_relationship(threefactor.find_relation($1, $2), $3, $4::boolean)",
              {table.schema, table.name, RequireString(args, "relationship", path),
               BoolOr(args, "cascade", false, path) ? "true" : "false"},
              path);
}

Command Rename(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"table", "name", "new_name", "source"}, path);
  const QualifiedName table = RequireName(args, "table", path);
  return Call("SELECT threefactor.rename_relationship(threefactor.find_relation($1, $2), $3, $4)",
              {table.schema, table.name, RequireString(args, "name", path), RequireString(args, "new_name", path)},
              path);
}

constexpr std::array kRelationshipKinds = std::to_array<std::pair<std::string_view, ReadCommand>>({
    {"create_object_relationship", CreateObject},
    {"create_array_relationship", CreateArray},
    {"drop_relationship", Drop},
    {"rename_relationship", Rename},
});

}  // namespace

ReadCommand FindRelationship(std::string_view type) {
  const auto* found = std::find_if(kRelationshipKinds.begin(), kRelationshipKinds.end(),
                                   [&](const auto& kind) { return kind.first == type; });
  return found == kRelationshipKinds.end() ? nullptr : found->second;
}

}  // namespace threefactor::metadata
