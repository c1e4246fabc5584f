// Tables, functions and computed fields: track, untrack, customise.
#include <algorithm>
#include <array>

#include "base/characters.hpp"
#include "base/error.hpp"
#include "metadata/inconsistent.hpp"
#include "metadata/kinds.hpp"
#include "schema/names.hpp"

namespace threefactor::metadata {

namespace {

std::optional<std::string> JsonOrNull(const Json& args, const char* name, const std::string& path) {
  const Json* value = ObjectOrNull(args, name, path);
  return value == nullptr ? std::nullopt : std::optional(WriteJson(*value));
}

std::optional<std::string> TextOrNull(const Json& args, const char* name, const std::string& path) {
  return FindMember(args, name) == nullptr ? std::nullopt : std::optional(RequireString(args, name, path));
}

const char* BoolText(const Json& args, const char* name, const std::string& path) {
  return BoolOr(args, name, false, path) ? "true" : "false";
}

// The arguments are the name itself, or hold it under `key` beside the `others`.
QualifiedName NameOrSelf(const Json& args, const char* key, std::initializer_list<std::string_view> others,
                         const std::string& path) {
  if (args.IsObject() && FindMember(args, key) != nullptr) {
    RefuseOtherKeys(args, others, path);
    return RequireName(args, key, path);
  }
  RefuseOtherKeys(args, {"schema", "name", "source"}, path);
  return ReadName(args, path);
}

// A name that is given has to be one: what GraphQL cannot express would vanish. Empty stands for the default.
void CheckCustomName(const Json& object, const char* key, const std::string& path) {
  const std::string name = StringOr(object, key, "", path);
  if (!name.empty() && !IsPublicName(name))
    throw Error(code::kParseFailed,
                "\"" + name + "\" is not a name of GraphQL: letters, digits and _, no digit first, not __",
                path + "." + key);
}

void CheckRootFields(const Json* fields, const std::string& path) {
  if (fields == nullptr) return;
  if (FindMember(*fields, "select_stream") != nullptr)
    throw Error(code::kNotSupported, "streaming subscriptions are not supported: there is no field to name",
                path + ".select_stream");
  RefuseOtherKeys(*fields,
                  {"select", "select_by_pk", "select_aggregate", "select_stream", "insert", "insert_one", "update",
                   "update_by_pk", "update_many", "delete", "delete_by_pk"},
                  path);
  for (const auto& field : fields->Members()) {
    // A name alone, or with a comment; null stands for the default.
    const std::string name(field.name.Text());
    if (field.value.IsString()) {
      CheckCustomName(*fields, name.c_str(), path);
    } else if (ObjectOrNull(*fields, name.c_str(), path) != nullptr) {
      const std::string inner = path + "." + name;
      RefuseOtherKeys(field.value, {"name", "comment"}, inner);
      CheckCustomName(field.value, "name", inner);
      StringOr(field.value, "comment", "", inner);
    }
  }
}

void CheckColumnNames(const Json* names, const std::string& path) {
  if (names == nullptr) return;
  for (const auto& column : names->Members()) {
    const std::string name(column.name.Text());
    RequireString(*names, name.c_str(), path);
    CheckCustomName(*names, name.c_str(), path);
  }
}

// What set_table_customization and track_table take as the configuration of a table.
void CheckTableConfiguration(const Json& args, const std::string& path) {
  const Json* configuration = ObjectOrNull(args, "configuration", path);
  if (configuration == nullptr) return;
  const std::string inner = path + ".configuration";
  RefuseOtherKeys(*configuration,
                  {"custom_name", "custom_root_fields", "column_config", "custom_column_names", "comment"}, inner);
  CheckCustomName(*configuration, "custom_name", inner);
  StringOr(*configuration, "comment", "", inner);
  CheckRootFields(ObjectOrNull(*configuration, "custom_root_fields", inner), inner + ".custom_root_fields");
  if (const Json* columns = ObjectOrNull(*configuration, "column_config", inner)) {
    for (const auto& column : columns->Members()) {
      const std::string name(column.name.Text());
      const std::string columns_path = inner + ".column_config";
      if (ObjectOrNull(*columns, name.c_str(), columns_path) == nullptr) continue;
      RefuseOtherKeys(column.value, {"custom_name", "comment"}, columns_path + "." + name);
      CheckCustomName(column.value, "custom_name", columns_path + "." + name);
      StringOr(column.value, "comment", "", columns_path + "." + name);
    }
  }
  CheckColumnNames(ObjectOrNull(*configuration, "custom_column_names", inner), inner + ".custom_column_names");
}

Command TrackTable(const Json& args, const std::string& path) {
  const QualifiedName table = NameOrSelf(args, "table", {"table", "configuration", "is_enum", "source"}, path);
  const bool is_object = args.IsObject();
  if (is_object) CheckTableConfiguration(args, path);
  return Call(
      "SELECT threefactor.track_table(threefactor.find_relation($1, $2), coalesce($3::pg_catalog.jsonb, '{}'), "
      "$4::boolean)",
      {table.schema, table.name, is_object ? JsonOrNull(args, "configuration", path) : std::nullopt,
       is_object ? BoolText(args, "is_enum", path) : "false"},
      path);
}

Command UntrackTable(const Json& args, const std::string& path) {
  const QualifiedName table = NameOrSelf(args, "table", {"table", "cascade", "source"}, path);
  return Call("SELECT threefactor.untrack_table(threefactor.find_relation($1, $2), $3::boolean)",
              {table.schema, table.name, args.IsObject() ? BoolText(args, "cascade", path) : "false"}, path);
}

Command Customize(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"table", "configuration", "source"}, path);
  CheckTableConfiguration(args, path);
  const QualifiedName table = RequireName(args, "table", path);
  Command command = Call(
      "SELECT threefactor.set_table_customization(threefactor.find_relation($1, $2), coalesce($3::pg_catalog.jsonb, "
      "'{}'))",
      {table.schema, table.name, JsonOrNull(args, "configuration", path)}, path);
  command.table_path.clear();  // as Hasura reports it
  return command;
}

// The form before set_table_customization.
Command CustomFields(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"table", "custom_root_fields", "custom_column_names", "version", "source"}, path);
  CheckRootFields(ObjectOrNull(args, "custom_root_fields", path), path + ".custom_root_fields");
  CheckColumnNames(ObjectOrNull(args, "custom_column_names", path), path + ".custom_column_names");
  if (const auto version = NumberOr(args, "version", 1, path); version != 1 && version != 2)
    throw Error(code::kParseFailed, "expected 1 or 2", path + ".version");
  const QualifiedName table = RequireName(args, "table", path);
  Command command = Call(
      "SELECT threefactor.set_table_customization(threefactor.find_relation($1, $2), pg_catalog.jsonb_build_object("
      "'custom_root_fields', coalesce($3::pg_catalog.jsonb, '{}'), 'custom_column_names', "
      "coalesce($4::pg_catalog.jsonb, '{}')))",
      {table.schema, table.name, JsonOrNull(args, "custom_root_fields", path),
       JsonOrNull(args, "custom_column_names", path)},
      path);
  command.table_path.clear();  // as Hasura reports it
  return command;
}

Command SetEnum(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"table", "is_enum", "source"}, path);
  const QualifiedName table = RequireName(args, "table", path);
  return Call("SELECT threefactor.set_table_is_enum(threefactor.find_relation($1, $2), $3::boolean)",
              {table.schema, table.name, BoolText(args, "is_enum", path)}, path);
}

void CheckFunctionConfiguration(const Json& args, const std::string& path) {
  const Json* configuration = ObjectOrNull(args, "configuration", path);
  if (configuration == nullptr) return;
  const std::string inner = path + ".configuration";
  RefuseOtherKeys(*configuration, {"custom_name", "custom_root_fields", "session_argument", "exposed_as"}, inner);
  for (const char* key : {"custom_name", "session_argument", "exposed_as"}) StringOr(*configuration, key, "", inner);
  CheckCustomName(*configuration, "custom_name", inner);
  if (const std::string as = StringOr(*configuration, "exposed_as", "query", inner); as != "query" && as != "mutation")
    throw Error(code::kParseFailed, "exposed_as is query or mutation", inner + ".exposed_as");
  if (const Json* fields = ObjectOrNull(*configuration, "custom_root_fields", inner)) {
    const std::string fields_path = inner + ".custom_root_fields";
    RefuseOtherKeys(*fields, {"function", "function_aggregate"}, fields_path);
    for (const char* key : {"function", "function_aggregate"}) CheckCustomName(*fields, key, fields_path);
  }
}

Command TrackFunction(const Json& args, const std::string& path) {
  const QualifiedName function = NameOrSelf(args, "function", {"function", "configuration", "comment", "source"}, path);
  const bool is_object = args.IsObject();
  if (is_object) CheckFunctionConfiguration(args, path);
  return Call("SELECT threefactor.track_function($1, $2, coalesce($3::pg_catalog.jsonb, '{}'), $4)",
              {function.schema, function.name, is_object ? JsonOrNull(args, "configuration", path) : std::nullopt,
               is_object ? TextOrNull(args, "comment", path) : std::nullopt},
              path);
}

Command UntrackFunction(const Json& args, const std::string& path) {
  const QualifiedName function = NameOrSelf(args, "function", {"function", "source"}, path);
  return Call("SELECT threefactor.untrack_function($1, $2)", {function.schema, function.name}, path);
}

Command AddComputedField(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"table", "name", "definition", "comment", "source"}, path);
  const QualifiedName table = RequireName(args, "table", path);
  const Json* definition = ObjectOrNull(args, "definition", path);
  if (definition == nullptr) RequireString(args, "definition", path);  // says that it is missing
  const std::string inner = path + ".definition";
  RefuseOtherKeys(*definition, {"function", "table_argument", "session_argument"}, inner);
  const QualifiedName function = RequireName(*definition, "function", inner);
  Command command =
      Call("SELECT threefactor.add_computed_field(threefactor.find_relation($1, $2), $3, $4, $5, $6, $7, $8)",
           {table.schema, table.name, RequireString(args, "name", path), function.schema, function.name,
            TextOrNull(*definition, "table_argument", inner), TextOrNull(*definition, "session_argument", inner),
            TextOrNull(args, "comment", path)},
           path);
  command.object = DescribeObject("computed_field", table, args, "definition");
  return command;
}

Command DropComputedField(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"table", "name", "cascade", "source"}, path);
  const QualifiedName table = RequireName(args, "table", path);
  return Call("SELECT threefactor.drop_computed_field(threefactor.find_relation($1, $2), $3, $4::boolean)",
              {table.schema, table.name, RequireString(args, "name", path), BoolText(args, "cascade", path)}, path);
}

Command ClearMetadata(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"source"}, path);
  return Call("SELECT threefactor.clear_metadata()", {}, path);
}

constexpr std::array kTrackingKinds = std::to_array<std::pair<std::string_view, ReadCommand>>({
    {"track_table", TrackTable},
    {"add_existing_table_or_view", TrackTable},
    {"untrack_table", UntrackTable},
    {"set_table_customization", Customize},
    {"set_table_custom_fields", CustomFields},
    {"set_table_is_enum", SetEnum},
    {"track_function", TrackFunction},
    {"untrack_function", UntrackFunction},
    {"add_computed_field", AddComputedField},
    {"drop_computed_field", DropComputedField},
    {"clear_metadata", ClearMetadata},
});

}  // namespace

ReadCommand FindTracking(std::string_view type) {
  const auto* found =
      std::find_if(kTrackingKinds.begin(), kTrackingKinds.end(), [&](const auto& kind) { return kind.first == type; });
  return found == kTrackingKinds.end() ? nullptr : found->second;
}

Command Call(std::string text, std::vector<std::optional<std::string>> parameters, const std::string& path) {
  Command command;
  command.statements.push_back({std::move(text), std::move(parameters), path, ""});
  command.changes_schema = true;
  return command;
}

}  // namespace threefactor::metadata
