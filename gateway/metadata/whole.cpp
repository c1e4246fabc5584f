// All of the metadata at once: export, replacement, what the server holds of it. Calls of the functions of
// sql/export.sql and sql/replace.sql.
#include "metadata/whole.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "metadata/document.hpp"
#include "metadata/inconsistent.hpp"

namespace threefactor::metadata {

namespace {

// What makes thousands of objects takes longer than a request of GraphQL may.
void AllowTime(Command& command) {
  command.statements.insert(command.statements.begin(),
                            {"SET LOCAL statement_timeout = '10min'", {}, command.statements.front().error_path, ""});
  if (command.result >= 0) ++command.result;
}

Command Export(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {}, path);
  return Ask("SELECT threefactor.export_metadata()", {}, path);
}

Command ExportVersioned(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {}, path);
  return Ask("SELECT threefactor.export_versioned_metadata()", {}, path);
}

// The metadata itself, which answers success; or {"metadata", "allow_inconsistent_metadata"}, which answers what is
// inconsistent.
Command Replace(const Json& args, const std::string& path) {
  const Json* inner = ObjectOrNull(args, "metadata", path);
  if (inner != nullptr) RefuseOtherKeys(args, {"metadata", "allow_inconsistent_metadata", "allow_warnings"}, path);
  BoolOr(args, "allow_warnings", true, path);
  const bool allows = inner != nullptr && BoolOr(args, "allow_inconsistent_metadata", false, path);
  Document document = ReadDocument(inner != nullptr ? *inner : args, inner != nullptr ? path + ".metadata" : path);
  if (!document.refused.empty()) throw document.refused.front();
  Command command = Ask("SELECT threefactor.replace_metadata($1::pg_catalog.json, $2::boolean)",
                        {WriteCalls(document.objects), allows ? "true" : "false"}, path);
  command.changes_schema = true;
  AllowTime(command);
  if (inner == nullptr) command.answer = Command::Answer::kSuccess;
  return command;
}

Command DropInconsistent(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {}, path);
  return Call("SELECT threefactor.drop_inconsistent_metadata()", {}, path);
}

// What is read of the metadata and what it makes of the database: for people who look for a fault.
Command DumpState(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {}, path);
  return Ask(
      "SELECT pg_catalog.json_build_object('metadata_resource_version', threefactor.resource_version(), 'metadata', "
      "threefactor.export_metadata(), 'schema', threefactor.metadata(), 'inconsistent_objects', "
      "threefactor.inconsistent_objects())",
      {}, path);
}

constexpr std::array kWholeKinds = std::to_array<std::pair<std::string_view, ReadCommand>>({
    {"export_metadata", Export},
    {"replace_metadata", Replace},
    {"drop_inconsistent_metadata", DropInconsistent},
    {"dump_internal_state", DumpState},
});

}  // namespace

ReadCommand FindWhole(std::string_view type) {
  const auto* found =
      std::find_if(kWholeKinds.begin(), kWholeKinds.end(), [&](const auto& kind) { return kind.first == type; });
  return found == kWholeKinds.end() ? nullptr : found->second;
}

ReadCommand ExportWithVersion() {
  return ExportVersioned;
}

bool WantsStored(const Json& request) {
  const Json* type = request.Find("type");
  if (type == nullptr || !type->IsString()) return false;
  if (type->Text() == "reload_metadata" || type->Text() == "get_inconsistent_metadata") return true;
  const Json* args = request.Find("args");
  return args != nullptr && type->Text().starts_with("bulk") &&
         std::any_of(args->Items().begin(), args->Items().end(), WantsStored);
}

std::vector<std::string> ShowStored(const Json& stored) {
  std::vector<std::string> shown;
  for (const Object& object : ReadStored(stored)) shown.push_back(Show(object));
  return shown;
}

void DropLeftOut(const std::vector<schema::Omission>& omissions, const std::string& path, Command& command) {
  std::vector<Object> drops;
  for (const schema::Omission& omission : omissions) {
    if (!omission.is_inconsistent) continue;
    sql::Statement drop;
    if (omission.type == "object_relation" || omission.type == "array_relation")
      drop = {"SELECT threefactor.drop_relationship(threefactor.find_relation($1, $2), $3, true)", {}, path, ""};
    else if (omission.type == "computed_field")
      drop = {"SELECT threefactor.drop_computed_field(threefactor.find_relation($1, $2), $3, true)", {}, path, ""};
    else if (omission.type == "function")
      drop = {"SELECT threefactor.untrack_function($1, $2)", {}, path, ""};
    else
      continue;
    drop.parameters = {omission.schema, omission.name, omission.field};
    drops.push_back({"drop",
                     {omission.schema, omission.name},
                     omission.field,
                     omission.type,
                     NameOf(omission),
                     "null",
                     path,
                     drop,
                     {}});
  }
  // What the catalog alone brings, such as a relationship that a foreign key implies, cannot be dropped, and stays left
  // out.
  if (!drops.empty())
    command.statements.push_back({"SELECT threefactor.make_calls($1::pg_catalog.json)", {WriteCalls(drops)}, path, ""});
}

void RetryStored(const Json& stored, const std::string& path, Command& command) {
  command.statements.push_back({"SELECT threefactor.count_reload()", {}, path, ""});
  const std::vector<Object> objects = ReadStored(stored);
  if (objects.empty()) return;
  command.statements.push_back(
      {"SELECT threefactor.retry_inconsistent($1::pg_catalog.json)", {WriteCalls(objects)}, path, ""});
  AllowTime(command);
}

}  // namespace threefactor::metadata
