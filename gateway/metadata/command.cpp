#include "metadata/command.hpp"

#include <fmt/format.h>

#include <array>

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "metadata/data_queries.hpp"
#include "metadata/inconsistent.hpp"
#include "metadata/kinds.hpp"
#include "metadata/transaction_control.hpp"
#include "metadata/whole.hpp"

namespace threefactor::metadata {

namespace {

// Where the extension is, and this role may ask it.
std::string IfInstalled(std::string_view function, std::string_view arguments, std::string_view calls) {
  return fmt::format(
      "DO LANGUAGE plpgsql $$ BEGIN IF pg_catalog.to_regprocedure('threefactor.{0}({1})') IS NOT NULL THEN "
      "IF pg_catalog.has_function_privilege('threefactor.{0}({1})', 'EXECUTE') THEN {2} END IF; END IF; END $$",
      function, arguments, calls);
}

Command RunSql(const Json& args, const std::string& path) {
  Command command;
  command.answer = Command::Answer::kRows;
  RefuseOtherKeys(args, {"sql", "cascade", "check_metadata_consistency", "read_only", "source"}, path);
  const std::string text = RequireString(args, "sql", path);
  if (BoolOr(args, "read_only", false, path)) {
    // Behind the end of this transaction, or of the savepoint, the text could write.
    if (ControlsTransaction(text))
      throw Error(code::kBadRequest, "with read_only the SQL must not begin, divide or end transactions",
                  path + ".sql");
    // Only this part of the transaction is read-only: the savepoint takes the setting back.
    command.statements = {
        {"SAVEPOINT read_only; SET LOCAL transaction_read_only = on; SET LOCAL standard_conforming_strings = on",
         {},
         path,
         ""},
        {.text = text, .parameters = {}, .error_path = path, .is_arbitrary = true},
        {"ROLLBACK TO SAVEPOINT read_only; RELEASE SAVEPOINT read_only", {}, path, ""},
    };
    command.result = 1;
  } else {
    // Whatever SQL was run: what is tracked still is what it was.
    std::string checks = "PERFORM threefactor.check_functions();";
    if (BoolOr(args, "check_metadata_consistency", true, path)) {
      checks += fmt::format(" PERFORM threefactor.check_dependents({});", BoolOr(args, "cascade", false, path));
    }
    command.statements = {
        {IfInstalled("note_dependents", "", "PERFORM threefactor.note_dependents();"), {}, path, ""},
        {.text = text, .parameters = {}, .error_path = path, .is_arbitrary = true},
        {IfInstalled("check_dependents", "boolean", checks), {}, path, ""},
    };
    command.result = 1;
    command.changes_schema = true;  // whatever it did
  }
  return command;
}

Command CreateTrigger(const Json& args, const std::string& path) {
  Command command;
  command.statements.push_back(CreateEventTrigger(args, path));
  return command;
}

Command DeleteTrigger(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"name", "source"}, path);
  Command command;
  command.statements = {{"SELECT threefactor.delete_event_trigger($1)", {RequireString(args, "name", path)}, path, ""}};
  return command;
}

Command InvokeTrigger(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"name", "payload", "source"}, path);
  Command command;
  command.answer = Command::Answer::kEventId;
  command.result = 0;
  const Json* payload = FindMember(args, "payload");
  command.statements = {{"SELECT threefactor.invoke_manually($1, $2::pg_catalog.json)",
                         {RequireString(args, "name", path), payload == nullptr ? "null" : WriteJson(*payload)},
                         path,
                         ""}};
  return command;
}

Command RedeliverEvent(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"event_id", "source"}, path);
  Command command;
  command.answer = Command::Answer::kRedelivered;
  command.result = 0;
  command.statements = {{"SELECT threefactor.redeliver(event => $1::pg_catalog.uuid, dead_only => false)",
                         {RequireString(args, "event_id", path)},
                         path,
                         ""}};
  return command;
}

bool IsNothing(const Json& wanted) {
  return (wanted.IsBool() && !wanted.IsTrue()) || (wanted.IsArray() && wanted.Items().empty());
}

// A boolean or a list of names. There is one source and no remote schema, and all that is there is read again.
void CheckReload(const Json& args, const char* key, std::string_view known, const std::string& path) {
  const Json* wanted = FindMember(args, key);
  if (wanted == nullptr || wanted->IsBool()) return;
  const std::string inner = path + "." + key;
  if (!wanted->IsArray()) throw Error(code::kParseFailed, "expected a boolean or a list of names", inner);
  for (const Json& name : wanted->Items()) {
    if (!name.IsString()) throw Error(code::kParseFailed, "expected a name", inner);
    if (known.empty() || name.Text() != known)
      throw Error("not-exists", fmt::format("\"{}\" does not exist", name.Text()), inner);
  }
}

Command ReloadMetadata(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"reload_remote_schemas", "reload_sources", "recreate_event_triggers", "source"}, path);
  CheckReload(args, "reload_remote_schemas", {}, path);
  CheckReload(args, "reload_sources", "default", path);
  if (const Json* wanted = FindMember(args, "recreate_event_triggers"); wanted != nullptr && !IsNothing(*wanted))
    throw Error(code::kNotSupported,
                "recreate_event_triggers is not supported: see threefactor.status for those that lost row triggers",
                path + ".recreate_event_triggers");
  Command command;
  command.changes_schema = true;
  return command;
}

struct Kind {
  std::string_view type;
  ReadCommand read;
};

constexpr std::array kKinds = {
    Kind{"run_sql", RunSql},
    Kind{"create_event_trigger", CreateTrigger},
    Kind{"delete_event_trigger", DeleteTrigger},
    Kind{"invoke_event_trigger", InvokeTrigger},
    Kind{"redeliver_event", RedeliverEvent},
    Kind{"reload_metadata", ReloadMetadata},
};

ReadCommand FindKind(std::string_view type) {
  for (const Kind& kind : kKinds)
    if (kind.type == type) return kind.read;
  for (const auto find :
       {FindTracking, FindRelationship, FindPermission, FindSchedule, FindCollection, FindState, FindWhole})
    if (const ReadCommand read = find(type)) return read;
  return nullptr;
}

// What Hasura knows and we do not serve: said so, not "unknown".
constexpr std::array<std::string_view, 13> kNotServedCalls = {"track_",  "untrack_",    "set_", "drop_",   "rename_",
                                                              "create_", "add_",        "get_", "update_", "delete_",
                                                              "remove_", "introspect_", "test_"};

// Where there are none, the gateway is told so by the database: what it names is checked there.
void CheckSource(const Json& object, const std::string& path, Command& command) {
  const std::string source = StringOr(object, "source", "default", path);
  if (source == "default") return;
  command.statements.insert(command.statements.begin(), {"SELECT threefactor.check_source($1)", {source}, path, ""});
  if (command.result >= 0) ++command.result;
}

Command ReadArguments(std::string_view type, std::int64_t version, const Json* args, const std::string& args_path,
                      const Context& context) {
  ReadCommand read = FindKind(type);
  if (type == "export_metadata" && version == 2) read = ExportWithVersion();
  const bool may_be_name = type.starts_with("track_") || type.starts_with("untrack_") || type.starts_with("add_exi");
  if (args != nullptr && !args->IsObject() && !(may_be_name && args->IsString()))
    throw Error(code::kParseFailed, "expected an object", args_path);
  const Json nothing;
  const Json& given = args == nullptr ? nothing : *args;
  if (read != nullptr) RefuseRepeatedKeys(given, args_path, "payload");
  Command command = read != nullptr ? read(given, args_path) : ReadDataQuery(type, given, args_path, context.schema);
  command.path = args_path;
  command.is_data_query = read == nullptr;
  if (type == "reload_metadata" && context.schema->catalog().has_extension)
    RetryStored(context.stored == nullptr ? nothing : *context.stored, args_path, command);
  if (type == "drop_inconsistent_metadata") DropLeftOut(context.schema->omissions(), args_path, command);
  if (type != "replace_metadata") CheckSource(given, args_path, command);
  return command;
}

Command ParseCommand(const Json& request, const std::string& path, const Context& context) {
  const std::string given_type = RequireString(request, "type", path);
  const auto version = NumberOr(request, "version", 1, path);
  if (version != 1 && version != 2)
    throw Error(code::kParseFailed, fmt::format("expected 1 or 2, encountered {}", version), path + ".version");
  std::string_view type = given_type;
  if (type.starts_with("pg_")) type.remove_prefix(3);
  const std::string args_path = path + ".args";
  if (type == "get_inconsistent_metadata") {
    Command command;
    command.answer = Command::Answer::kConstant;
    if (const Json* args = FindMember(request, "args")) RefuseOtherKeys(*args, {}, args_path);
    command.constant =
        InconsistentMetadata(context.schema->omissions(),
                             context.stored == nullptr ? std::vector<std::string>() : ShowStored(*context.stored));
    return command;
  }
  if (FindKind(type) != nullptr || IsDataQuery(type)) {
    Command command = ReadArguments(type, version, FindMember(request, "args"), args_path, context);
    CheckSource(request, path, command);
    return command;
  }
  for (const std::string_view start : kNotServedCalls)
    if (type.starts_with(start))
      throw Error(code::kNotSupported, fmt::format("\"{}\" is not supported", given_type), path + ".type");
  throw Error(code::kParseFailed, fmt::format("unknown type \"{}\"", given_type), path + ".type");
}

void CheckRequest(const Json& request, const std::string& path) {
  if (!request.IsObject()) throw Error(code::kParseFailed, "expected an object with type and args", path);
  if (const Json* name = request.RepeatedName())
    throw Error(code::kParseFailed, fmt::format("the key \"{}\" is given twice", name->Text()), path);
  if (path == "$")
    RefuseOtherKeys(request, {"type", "args", "version", "source", "resource_version"}, path);
  else
    RefuseOtherKeys(request, {"type", "args", "version", "source"}, path);
}

const Json& RequestsOf(const Json& request, const std::string& path) {
  const Json* args = FindMember(request, "args");
  if (args == nullptr || !args->IsArray())
    throw Error(code::kParseFailed, "expected a list of requests", path + ".args");
  return *args;
}

// A bulk in a bulk answers a list in the list.
void Append(const Json& request, const std::string& path, const Context& context, std::vector<Command>& commands) {
  CheckRequest(request, path);
  const std::string type = RequireString(request, "type", path);
  if (type == "bulk_keep_going")
    throw Error(code::kNotSupported, "bulk_keep_going within another request is not supported", path + ".type");
  if (type != "bulk" && type != "bulk_atomic") {
    commands.push_back(ParseCommand(request, path, context));
    return;
  }
  const Json& requests = RequestsOf(request, path);
  const std::size_t first = commands.size();
  for (std::size_t i = 0; i < requests.Items().size(); ++i) {
    const std::size_t begin = commands.size();
    Append(requests.Items()[i], fmt::format("{}.args[{}]", path, i), context, commands);
    if (i > 0) commands[begin].before.insert(0, ",");
  }
  if (commands.size() == first) {
    Command none;
    none.answer = Command::Answer::kConstant;
    commands.push_back(std::move(none));
  }
  CheckSource(request, path, commands[first]);
  commands[first].before.insert(0, "[");
  commands.back().after.append("]");
}

std::string RowsText(const execute::Executor::Rows& rows) {
  JsonWriter writer;
  writer.StartObject();
  writer.Member("result_type", rows.has_rows ? "TuplesOk" : "CommandOk");
  writer.Key("result");
  if (rows.has_rows) {
    writer.StartArray();
    writer.StartArray();
    for (const std::string& column : rows.columns) writer.String(column);
    writer.EndArray();
    for (const auto& row : rows.rows) {
      writer.StartArray();
      for (const auto& value : row) writer.String(value.value_or("NULL"));
      writer.EndArray();
    }
    writer.EndArray();
  } else {
    writer.Null();
  }
  writer.EndObject();
  return writer.Take();
}

}  // namespace

Batch ParseBatch(const Json& request, const Context& context, const std::string& path) {
  Batch batch;
  Append(request, path, context, batch.commands);
  if (path == "$" && FindMember(request, "resource_version") != nullptr)
    batch.expected_version = std::to_string(NumberOr(request, "resource_version", 0, path));
  return batch;
}

const Json* KeptGoing(const Json& request) {
  const Json* type = request.Find("type");
  if (type == nullptr || !type->IsString() || type->Text() != "bulk_keep_going") return nullptr;
  CheckRequest(request, "$");
  if (FindMember(request, "resource_version") != nullptr)
    throw Error(code::kNotSupported, "bulk_keep_going with a resource_version is not supported", "$.resource_version");
  return &RequestsOf(request, "$");
}

std::string RenderAnswer(const Command& command, const execute::Executor::Rows& rows) {
  const auto single = [&rows]() -> std::string {
    return rows.rows.empty() || rows.rows[0].empty() ? "" : rows.rows[0][0].value_or("");
  };
  switch (command.answer) {
    case Command::Answer::kRows:
      return RowsText(rows);
    case Command::Answer::kJson:
      return single();
    case Command::Answer::kInner: {
      const std::string json = single();
      const std::size_t begin = json.find(':') + 1;
      return json.substr(begin, json.size() - 1 - begin);
    }
    case Command::Answer::kConstant:
      return command.constant;
    case Command::Answer::kEventId:
      return "{\"event_id\":\"" + single() + "\"}";
    case Command::Answer::kRedelivered:
      if (single() == "0") throw Error("not-exists", "event not found", command.path);
      break;
    case Command::Answer::kSuccess:
      break;
  }
  return R"({"message":"success"})";
}

}  // namespace threefactor::metadata
