// Hasura's create_event_trigger (Hasura's page "Metadata API Reference: Event Triggers") as a call of
// threefactor.create_event_trigger. Hasura's defaults are kept: one attempt, 10 s between attempts, 60 s time-out.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "execute/text_array.hpp"
#include "metadata/arguments.hpp"
#include "metadata/command.hpp"
#include "metadata/kinds.hpp"

namespace threefactor::metadata {

namespace {

constexpr std::size_t kNameLimit = 42;  // as in Hasura, so that names move between the two

void CheckName(const std::string& name, const std::string& path) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_other = [](char c) { return (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  if (name.empty() || !is_letter(name.front()) ||
      !std::all_of(name.begin(), name.end(), [&](char c) { return is_letter(c) || is_other(c); }))
    throw Error(code::kParseFailed,
                "only alphanumeric and underscore and hyphens allowed, and the first must be a letter", path + ".name");
  if (name.size() > kNameLimit)
    throw Error(code::kParseFailed, fmt::format("event trigger name can be at most {} characters", kNameLimit),
                path + ".name");
}

std::string Webhook(const Json& args, const std::string& path) {
  const std::string url = StringOr(args, "webhook", "", path);
  const std::string variable = StringOr(args, "webhook_from_env", "", path);
  if (url.empty() == variable.empty())
    throw Error(code::kParseFailed,
                url.empty() ? "must provide either webhook or webhook_from_env"
                            : "only one of webhook or webhook_from_env should be given",
                path);
  return url.empty() ? "{{" + variable + "}}" : url;
}

using Names = std::vector<std::string>;

// "*" is nullopt: all columns.
std::optional<Names> ColumnList(const Json& spec, const char* key, const std::string& path) {
  const Json* columns = FindMember(spec, key);
  if (columns == nullptr || (columns->IsString() && columns->Text() == "*")) return std::nullopt;
  Names names;
  if (!columns->IsArray()) throw Error(code::kParseFailed, "expected \"*\" or a list of columns", path + "." + key);
  for (const Json& column : columns->Items()) {
    if (!column.IsString()) throw Error(code::kParseFailed, "expected the name of a column", path + "." + key);
    names.emplace_back(column.Text());
  }
  return names;
}

std::optional<std::string> OptionalArray(const std::optional<Names>& names) {
  if (!names) return std::nullopt;
  return execute::TextArray(*names);
}

// What the metadata says beyond Hasura's words (the member "threefactor"): arguments of
// threefactor.create_event_trigger.
const Json* TriggerExtras(const Json& args, const std::string& path) {
  const Json* extras = ObjectOrNull(args, "threefactor", path);
  if (extras != nullptr)
    RefuseOtherKeys(*extras,
                    {"apply", "body", "condition", "endpoint", "error_webhook", "on_dead", "order_by", "retry",
                     "search_path", "secrets", "truncate"},
                    path + ".threefactor");
  return extras;
}

struct Operations {
  Names names;
  std::optional<Names> update_columns;  // only these, changed, make an UPDATE an event
  Names other_columns;                  // listed for INSERT and DELETE: they filter nothing, but must exist
  std::map<std::string, std::optional<Names>> payloads;  // by operation

  bool HaveOnePayload() const {
    return std::all_of(payloads.begin(), payloads.end(),
                       [this](const auto& each) { return each.second == payloads.begin()->second; });
  }
  std::optional<std::string> Payload() const {
    return payloads.empty() || !HaveOnePayload() ? std::nullopt : OptionalArray(payloads.begin()->second);
  }
  // {"INSERT": [columns], ...}; null where Payload says it.
  std::optional<std::string> Payloads() const {
    if (HaveOnePayload()) return std::nullopt;
    JsonWriter writer;
    writer.StartObject();
    for (const auto& [operation, columns] : payloads) {
      if (!columns) continue;
      writer.Key(operation);
      writer.StartArray();
      for (const std::string& column : *columns) writer.String(column);
      writer.EndArray();
    }
    writer.EndObject();
    return writer.Take();
  }
};

Operations ReadOperations(const Json& args, const std::string& path, bool may_be_none) {
  Operations operations;
  for (const auto& [key, name] : {std::pair("insert", "INSERT"), {"update", "UPDATE"}, {"delete", "DELETE"}}) {
    const Json* spec = ObjectOrNull(args, key, path);
    if (spec == nullptr) continue;
    const std::string spec_path = path + "." + key;
    RefuseOtherKeys(*spec, {"columns", "payload"}, spec_path);
    const auto columns = ColumnList(*spec, "columns", spec_path);
    operations.payloads[name] = ColumnList(*spec, "payload", spec_path);
    operations.names.emplace_back(name);
    if (std::string_view(name) == "UPDATE")
      operations.update_columns = columns;
    else if (columns)
      operations.other_columns.insert(operations.other_columns.end(), columns->begin(), columns->end());
  }
  if (operations.names.empty() && !may_be_none && !BoolOr(args, "enable_manual", false, path))
    throw Error(code::kParseFailed, "atleast one amongst insert/update/delete/enable_manual spec must be provided",
                path);
  return operations;
}

std::string Retry(const Json& args, const std::string& path) {
  const Json* given = ObjectOrNull(args, "retry_conf", path);
  const Json nothing;
  const Json& conf = given == nullptr ? nothing : *given;
  const std::string conf_path = path + ".retry_conf";
  RefuseOtherKeys(conf, {"num_retries", "interval_sec", "timeout_sec"}, conf_path);
  return fmt::format(R"({{"attempts":{},"backoff":"fixed","interval":{},"timeout":{}}})",
                     NumberOr(conf, "num_retries", 0, conf_path) + 1, NumberOr(conf, "interval_sec", 10, conf_path),
                     NumberOr(conf, "timeout_sec", 60, conf_path));
}

// With what the metadata says beyond Hasura's words: more parameters, from the 14th on.
void AddExtras(sql::Statement& statement, const Json& extras, const std::string& path) {
  const auto text = [&](const char* key) {
    return FindMember(extras, key) == nullptr ? std::nullopt : std::optional(RequireString(extras, key, path));
  };
  const auto json = [&](const char* key) {
    const Json* value = ObjectOrNull(extras, key, path);
    return value == nullptr ? std::nullopt : std::optional(WriteJson(*value));
  };
  if (auto retry = json("retry")) statement.parameters[7] = std::move(retry);
  statement.parameters.insert(
      statement.parameters.end(),
      {text("search_path"), text("apply"), text("body"), text("condition"), json("endpoint"), text("error_webhook"),
       text("on_dead"), OptionalArray(ColumnList(extras, "order_by", path)),
       OptionalArray(ColumnList(extras, "secrets", path))});
}

}  // namespace

sql::Statement EventTriggerStatement(const Json& args, const std::string& path, const Json& operations_of,
                                     const std::string& operations_path) {
  RefuseTransforms(args, path);
  if (FindMember(args, "cleanup_config") != nullptr)
    throw Error(code::kNotSupported,
                "cleanup_config is not supported: threefactor.retention says for how long events are kept",
                path + ".cleanup_config");
  std::string name = RequireString(args, "name", path);
  CheckName(name, path);
  const Json* extras = TriggerExtras(args, path);
  const std::string extras_path = path + ".threefactor";
  const bool truncates = extras != nullptr && BoolOr(*extras, "truncate", false, extras_path);
  Operations operations = ReadOperations(operations_of, operations_path, truncates);
  if (truncates) operations.names.emplace_back("TRUNCATE");
  sql::Statement statement;
  statement.text = fmt::format(
      "SELECT {}threefactor.check_relation($2::pg_catalog.regclass, $10::pg_catalog.text[]), "
      "threefactor.create_event_trigger(name => $1, "
      "relation => $2::pg_catalog.regclass, webhook => $3, "
      "on_replica => $12::boolean, operations => $4::pg_catalog.text[], columns => $5::pg_catalog.text[], payload => "
      "$6::pg_catalog.text[], payloads => $13::pg_catalog.jsonb, "
      "headers => $7::pg_catalog.jsonb, {}"
      // With the table of another its name is free again: Hasura drops an event trigger with its table.
      "retry => $8::pg_catalog.jsonb, replace => $9::boolean OR EXISTS (SELECT FROM threefactor.event_triggers WHERE "
      "name OPERATOR(pg_catalog.=) $1 AND relation IS NULL AND topic IS NULL AND operations OPERATOR(pg_catalog.<>) "
      "'{{SCHEDULED}}')), threefactor.allow_manual($1, "
      "$11::boolean)",
      // Names in the condition and in apply are looked up by the path that is current.
      extras == nullptr ? ""
                        : "pg_catalog.set_config('search_path', coalesce($14, "
                          "pg_catalog.current_setting('search_path')), true), ",
      extras == nullptr
          ? ""
          : "apply => $15, body => coalesce($16, 'hasura'), condition => $17, endpoint => coalesce("
            "$18::pg_catalog.jsonb, '{}'), error_webhook => $19, on_dead => coalesce($20, 'block'), order_by => "
            "$21::pg_catalog.text[], secrets => $22::pg_catalog.text[], ");
  statement.parameters = {std::move(name),
                          TableName(args, "table", path),
                          Webhook(args, path),
                          execute::TextArray(operations.names),
                          OptionalArray(operations.update_columns),
                          operations.Payload(),
                          Headers(args, path),
                          Retry(args, path),
                          BoolOr(args, "replace", false, path) ? "true" : "false",
                          execute::TextArray(operations.other_columns),
                          BoolOr(operations_of, "enable_manual", false, operations_path) ? "true" : "false",
                          BoolOr(args, "trigger_on_replication", false, path) ? "true" : "false",
                          operations.Payloads()};
  statement.error_path = path;
  if (extras != nullptr) AddExtras(statement, *extras, extras_path);
  return statement;
}

sql::Statement CreateEventTrigger(const Json& args, const std::string& path) {
  RefuseOtherKeys(args,
                  {"name", "table", "webhook", "webhook_from_env", "insert", "update", "delete", "enable_manual",
                   "headers", "retry_conf", "replace", "trigger_on_replication", "source", "request_transform",
                   "response_transform", "cleanup_config", "threefactor"},
                  path);
  return EventTriggerStatement(args, path, args, path);
}

}  // namespace threefactor::metadata
