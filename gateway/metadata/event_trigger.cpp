// Hasura's create_event_trigger (Hasura's page "Metadata API Reference: Event Triggers") as a call of
// threefactor.create_event_trigger. Hasura's defaults are kept: one attempt, 10 s between attempts, 60 s time-out.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
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

struct Operations {
  Names names;
  std::optional<Names> update_columns;  // only these, changed, make an UPDATE an event
  Names other_columns;                  // listed for INSERT and DELETE: they filter nothing, but must exist
  std::optional<Names> payload;
};

Operations ReadOperations(const Json& args, const std::string& path) {
  Operations operations;
  for (const auto& [key, name] : {std::pair("insert", "INSERT"), {"update", "UPDATE"}, {"delete", "DELETE"}}) {
    const Json* spec = ObjectOrNull(args, key, path);
    if (spec == nullptr) continue;
    const std::string spec_path = path + "." + key;
    RefuseOtherKeys(*spec, {"columns", "payload"}, spec_path);
    const auto columns = ColumnList(*spec, "columns", spec_path);
    const auto payload = ColumnList(*spec, "payload", spec_path);
    if (!operations.names.empty() && payload != operations.payload)
      throw Error(code::kNotSupported, "payload must name the same columns for each operation", spec_path);
    operations.payload = payload;
    operations.names.emplace_back(name);
    if (std::string_view(name) == "UPDATE")
      operations.update_columns = columns;
    else if (columns)
      operations.other_columns.insert(operations.other_columns.end(), columns->begin(), columns->end());
  }
  if (operations.names.empty() && !BoolOr(args, "enable_manual", false, path))
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

}  // namespace

sql::Statement CreateEventTrigger(const Json& args, const std::string& path) {
  RefuseTransforms(args, path);
  if (FindMember(args, "cleanup_config") != nullptr)
    throw Error(code::kNotSupported,
                "cleanup_config is not supported: threefactor.retention says for how long events are kept",
                path + ".cleanup_config");
  RefuseOtherKeys(args,
                  {"name", "table", "webhook", "webhook_from_env", "insert", "update", "delete", "enable_manual",
                   "headers", "retry_conf", "replace", "trigger_on_replication", "source", "request_transform",
                   "response_transform", "cleanup_config"},
                  path);
  std::string name = RequireString(args, "name", path);
  CheckName(name, path);
  Operations operations = ReadOperations(args, path);
  sql::Statement statement;
  statement.text =
      "SELECT threefactor.check_relation($2::pg_catalog.regclass, $10::pg_catalog.text[]), "
      "threefactor.create_event_trigger(name => $1, "
      "relation => $2::pg_catalog.regclass, webhook => $3, "
      "on_replica => $12::boolean, operations => $4::pg_catalog.text[], columns => $5::pg_catalog.text[], payload => "
      "$6::pg_catalog.text[], "
      "headers => $7::pg_catalog.jsonb, "
      // With the table of another its name is free again: Hasura drops an event trigger with its table.
      "retry => $8::pg_catalog.jsonb, replace => $9::boolean OR EXISTS (SELECT FROM threefactor.event_triggers WHERE "
      "name OPERATOR(pg_catalog.=) $1 AND relation IS NULL AND topic IS NULL AND operations OPERATOR(pg_catalog.<>) "
      "'{SCHEDULED}')), threefactor.allow_manual($1, "
      "$11::boolean)";
  statement.parameters = {std::move(name),
                          TableName(args, "table", path),
                          Webhook(args, path),
                          execute::TextArray(operations.names),
                          OptionalArray(operations.update_columns),
                          OptionalArray(operations.payload),
                          Headers(args, path),
                          Retry(args, path),
                          BoolOr(args, "replace", false, path) ? "true" : "false",
                          execute::TextArray(operations.other_columns),
                          BoolOr(args, "enable_manual", false, path) ? "true" : "false",
                          BoolOr(args, "trigger_on_replication", false, path) ? "true" : "false"};
  statement.error_path = path;
  return statement;
}

}  // namespace threefactor::metadata
