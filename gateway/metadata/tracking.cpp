// Tables, functions and computed fields: track, untrack, customise.
#include <algorithm>
#include <array>

#include "metadata/inconsistent.hpp"
#include "metadata/kinds.hpp"

namespace threefactor::metadata {

namespace {

std::optional<std::string> JsonOrNull(const Json& args, const char* name, const std::string& path) {
  const Json* value = ObjectOrNull(args, name, path);
  return value == nullptr ? std::nullopt : std::optional(ToJsonText(*value, path + "." + name));
}

std::optional<std::string> TextOrNull(const Json& args, const char* name, const std::string& path) {
  return FindMember(args, name) == nullptr ? std::nullopt : std::optional(RequireString(args, name, path));
}

const char* BoolText(const Json& args, const char* name, const std::string& path) {
  return BoolOr(args, name, false, path) ? "true" : "false";
}

// The arguments are the table itself, or hold it.
QualifiedName TableOrSelf(const Json& args, const std::string& path) {
  return args.IsObject() && FindMember(args, "table") != nullptr ? RequireName(args, "table", path)
                                                                 : ReadName(args, path);
}

Command TrackTable(const Json& args, const std::string& path) {
  const QualifiedName table = TableOrSelf(args, path);
  const bool is_object = args.IsObject();
  return Call(
      "SELECT threefactor.track_table(threefactor.find_relation($1, $2), coalesce($3::pg_catalog.jsonb, '{}'), "
      "$4::boolean)",
      {table.schema, table.name, is_object ? JsonOrNull(args, "configuration", path) : std::nullopt,
       is_object ? BoolText(args, "is_enum", path) : "false"},
      path);
}

Command UntrackTable(const Json& args, const std::string& path) {
  const QualifiedName table = TableOrSelf(args, path);
  return Call("SELECT threefactor.untrack_table(threefactor.find_relation($1, $2), $3::boolean)",
              {table.schema, table.name, args.IsObject() ? BoolText(args, "cascade", path) : "false"}, path);
}

Command Customize(const Json& args, const std::string& path) {
  const QualifiedName table = RequireName(args, "table", path);
  return Call(
      "SELECT threefactor.set_table_customization(threefactor.find_relation($1, $2), coalesce($3::pg_catalog.jsonb, "
      "'{}'))",
      {table.schema, table.name, JsonOrNull(args, "configuration", path)}, path);
}

// The form before set_table_customization.
Command CustomFields(const Json& args, const std::string& path) {
  const QualifiedName table = RequireName(args, "table", path);
  return Call(
      "SELECT threefactor.set_table_customization(threefactor.find_relation($1, $2), pg_catalog.jsonb_build_object("
      "'custom_root_fields', coalesce($3::pg_catalog.jsonb, '{}'), 'custom_column_names', "
      "coalesce($4::pg_catalog.jsonb, '{}')))",
      {table.schema, table.name, JsonOrNull(args, "custom_root_fields", path),
       JsonOrNull(args, "custom_column_names", path)},
      path);
}

Command SetEnum(const Json& args, const std::string& path) {
  const QualifiedName table = RequireName(args, "table", path);
  return Call("SELECT threefactor.set_table_is_enum(threefactor.find_relation($1, $2), $3::boolean)",
              {table.schema, table.name, BoolText(args, "is_enum", path)}, path);
}

QualifiedName FunctionOrSelf(const Json& args, const std::string& path) {
  return args.IsObject() && FindMember(args, "function") != nullptr ? RequireName(args, "function", path)
                                                                    : ReadName(args, path);
}

Command TrackFunction(const Json& args, const std::string& path) {
  const QualifiedName function = FunctionOrSelf(args, path);
  const bool is_object = args.IsObject();
  return Call("SELECT threefactor.track_function($1, $2, coalesce($3::pg_catalog.jsonb, '{}'), $4)",
              {function.schema, function.name, is_object ? JsonOrNull(args, "configuration", path) : std::nullopt,
               is_object ? TextOrNull(args, "comment", path) : std::nullopt},
              path);
}

Command UntrackFunction(const Json& args, const std::string& path) {
  const QualifiedName function = FunctionOrSelf(args, path);
  return Call("SELECT threefactor.untrack_function($1, $2)", {function.schema, function.name}, path);
}

Command AddComputedField(const Json& args, const std::string& path) {
  const QualifiedName table = RequireName(args, "table", path);
  const Json* definition = ObjectOrNull(args, "definition", path);
  if (definition == nullptr) RequireString(args, "definition", path);  // says that it is missing
  const std::string inner = path + ".definition";
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
  const QualifiedName table = RequireName(args, "table", path);
  return Call("SELECT threefactor.drop_computed_field(threefactor.find_relation($1, $2), $3, $4::boolean)",
              {table.schema, table.name, RequireString(args, "name", path), BoolText(args, "cascade", path)}, path);
}

Command ClearMetadata(const Json& /*args*/, const std::string& path) {
  return Call("SELECT threefactor.clear_metadata()", {}, path);
}

constexpr std::array kKinds = std::to_array<std::pair<std::string_view, ReadCommand>>({
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
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& kind) { return kind.first == type; });
  return found == kKinds.end() ? nullptr : found->second;
}

Command Call(std::string text, std::vector<std::optional<std::string>> parameters, const std::string& path) {
  Command command;
  command.statements.push_back({std::move(text), std::move(parameters), path, ""});
  command.changes_schema = true;
  return command;
}

}  // namespace threefactor::metadata
