// What belongs to no table: limits of requests, the states that tools keep, logs of events, suggestions. Calls of the
// functions of sql/collections.sql and sql/hdb_catalog.sql.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "metadata/kinds.hpp"

namespace threefactor::metadata {

namespace {

using CheckValue = void (*)(const Json& value, const std::string& path);

void CheckCount(const Json& value, const std::string& path) {
  const bool is_whole =
      value.IsNumber() && !value.Text().empty() &&
      std::all_of(value.Text().begin(), value.Text().end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_whole || value.Text().size() > 9 || value.Text().find_first_not_of('0') == std::string_view::npos)
    throw Error(code::kParseFailed, "expected a whole number from 1 to 999999999", path);
}

// {"max_reqs_per_min", "unique_params": null, "IP" or names of session variables}.
void CheckRate(const Json& value, const std::string& path) {
  if (!value.IsObject()) throw Error(code::kParseFailed, "expected an object with max_reqs_per_min", path);
  RefuseOtherKeys(value, {"max_reqs_per_min", "unique_params"}, path);
  const Json* rate = FindMember(value, "max_reqs_per_min");
  if (rate == nullptr) throw Error(code::kParseFailed, "key \"max_reqs_per_min\" not found", path);
  CheckCount(*rate, path + ".max_reqs_per_min");
  const Json* unique = FindMember(value, "unique_params");
  if (unique == nullptr || (unique->IsString() && unique->Text() == "IP")) return;
  const std::string inner = path + ".unique_params";
  if (!unique->IsArray()) throw Error(code::kParseFailed, "expected \"IP\" or a list of session variables", inner);
  for (const Json& name : unique->Items())
    if (!name.IsString()) throw Error(code::kParseFailed, "expected the name of a session variable", inner);
}

Command SetApiLimits(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"disabled", "depth_limit", "node_limit", "rate_limit", "time_limit", "batch_limit"}, path);
  BoolOr(args, "disabled", false, path);
  for (const auto& [key, check] :
       std::initializer_list<std::pair<const char*, CheckValue>>{{"depth_limit", CheckCount},
                                                                 {"node_limit", CheckCount},
                                                                 {"rate_limit", CheckRate},
                                                                 {"time_limit", CheckCount},
                                                                 {"batch_limit", CheckCount}}) {
    const Json* limit = ObjectOrNull(args, key, path);
    if (limit == nullptr) continue;
    const std::string inner = path + "." + key;
    RefuseOtherKeys(*limit, {"global", "per_role"}, inner);
    const Json* global = FindMember(*limit, "global");
    if (global == nullptr) throw Error(code::kParseFailed, "key \"global\" not found", inner);
    check(*global, inner + ".global");
    if (const Json* roles = ObjectOrNull(*limit, "per_role", inner))
      for (const auto& [role, value] : roles->Members())
        check(value, fmt::format("{}.per_role.{}", inner, role.Text()));
  }
  return Call("SELECT threefactor.set_api_limits($1::pg_catalog.json)", {WriteJson(args)}, path);
}

Command RemoveApiLimits(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {}, path);
  return Call("SELECT threefactor.set_api_limits(NULL)", {}, path);
}

Command GetCatalogState(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {}, path);
  return Ask("SELECT threefactor.catalog_state()", {}, path);
}

Command SetCatalogState(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"type", "state"}, path);
  const std::string tool = RequireString(args, "type", path);
  if (tool != "cli" && tool != "console")
    throw Error(code::kParseFailed, fmt::format("unexpected type \"{}\": expected cli or console", tool),
                path + ".type");
  const Json* state = FindMember(args, "state");
  if (state == nullptr) throw Error(code::kParseFailed, "key \"state\" not found", path);
  Command command;
  command.statements = {
      {"SELECT threefactor.set_catalog_state($1, $2::pg_catalog.json)", {tool, WriteJson(*state)}, path, ""}};
  return command;
}

Command SuggestRelationships(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"tables", "omit_tracked", "source"}, path);
  std::optional<std::string> tables;
  if (const Json* given = FindMember(args, "tables")) {
    if (!given->IsArray()) throw Error(code::kParseFailed, "expected a list of tables", path + ".tables");
    std::string list = "[";
    for (std::size_t i = 0; i < given->Items().size(); ++i) {
      const QualifiedName table = ReadName(given->Items()[i], fmt::format("{}.tables[{}]", path, i));
      if (i > 0) list += ",";
      list += NameText(table);
    }
    tables = list + "]";
  }
  return Ask("SELECT threefactor.suggest_relationships($1::pg_catalog.json, $2::boolean)",
             {tables, BoolOr(args, "omit_tracked", false, path) ? "true" : "false"}, path);
}

std::string Page(const Json& args, const char* key, std::int64_t otherwise, const std::string& path) {
  return std::to_string(NumberOr(args, key, otherwise, path));
}

constexpr std::int64_t kPageSize = 100;

Command EventLogs(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"name", "limit", "offset", "status", "source"}, path);
  const std::string status = StringOr(args, "status", "", path);
  if (!status.empty() && status != "pending" && status != "processed")
    throw Error(code::kParseFailed, "expected pending or processed", path + ".status");
  return Ask("SELECT threefactor.event_logs($1, NULL, $2, $3::pg_catalog.int8, $4::pg_catalog.int8)",
             {RequireString(args, "name", path), status.empty() ? std::nullopt : std::optional(status),
              Page(args, "limit", kPageSize, path), Page(args, "offset", 0, path)},
             path);
}

Command EventInvocationLogs(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"name", "limit", "offset", "source"}, path);
  return Ask("SELECT threefactor.event_invocations($1, NULL, $2::pg_catalog.int8, $3::pg_catalog.int8)",
             {RequireString(args, "name", path), Page(args, "limit", kPageSize, path), Page(args, "offset", 0, path)},
             path);
}

Command EventById(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"event_id", "invocation_log_limit", "invocation_log_offset", "source"}, path);
  return Ask(
      "SELECT pg_catalog.json_build_object('event', threefactor.event_logs(NULL, $1::pg_catalog.uuid, NULL, 1, 0) "
      "OPERATOR(pg_catalog.->) 0, 'invocations', threefactor.event_invocations(NULL, $1::pg_catalog.uuid, "
      "$2::pg_catalog.int8, $3::pg_catalog.int8))",
      {RequireString(args, "event_id", path), Page(args, "invocation_log_limit", kPageSize, path),
       Page(args, "invocation_log_offset", 0, path)},
      path);
}

Command SourceTables(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"source"}, path);
  return Ask(
      "SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('name', c.relname, 'schema', n.nspname) ORDER "
      "BY "
      "n.nspname, c.relname), '[]') FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid "
      "OPERATOR(pg_catalog.=) c.relnamespace WHERE c.relkind OPERATOR(pg_catalog.=) ANY "
      "('{r,p,v,m,f}'::pg_catalog.\"char\"[]) AND n.nspname OPERATOR(pg_catalog.!~) "
      "'^(pg_|information_schema$|threefactor|hdb_catalog$)'",
      {}, path);
}

Command CronTriggers(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {}, path);
  return Ask(
      "SELECT pg_catalog.json_build_object('cron_triggers', coalesce(threefactor.export_metadata() "
      "OPERATOR(pg_catalog.->) 'cron_triggers', '[]'))",
      {}, path);
}

constexpr std::array kStateKinds = std::to_array<std::pair<std::string_view, ReadCommand>>({
    {"set_api_limits", SetApiLimits},
    {"remove_api_limits", RemoveApiLimits},
    {"get_catalog_state", GetCatalogState},
    {"set_catalog_state", SetCatalogState},
    {"suggest_relationships", SuggestRelationships},
    {"get_event_logs", EventLogs},
    {"get_event_invocation_logs", EventInvocationLogs},
    {"get_event_by_id", EventById},
    {"get_source_tables", SourceTables},
    {"get_cron_triggers", CronTriggers},
});

}  // namespace

Command Ask(std::string text, std::vector<std::optional<std::string>> parameters, const std::string& path) {
  Command command;
  command.statements.push_back({std::move(text), std::move(parameters), path, ""});
  command.answer = Command::Answer::kJson;
  command.result = 0;
  return command;
}

ReadCommand FindState(std::string_view type) {
  const auto* found =
      std::find_if(kStateKinds.begin(), kStateKinds.end(), [&](const auto& kind) { return kind.first == type; });
  return found == kStateKinds.end() ? nullptr : found->second;
}

}  // namespace threefactor::metadata
