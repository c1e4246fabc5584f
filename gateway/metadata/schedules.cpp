// Hasura's cron triggers and scheduled events (its page "Metadata API Reference: Scheduled Triggers") as calls of the
// functions of sql/schedules.sql. Hasura's defaults are kept: one attempt, 10 s between attempts, 60 s time-out, six
// hours of tolerance.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "execute/text_array.hpp"
#include "metadata/kinds.hpp"

namespace threefactor::metadata {

namespace {

struct Retry {
  std::string rule;       // as SQL functions take it
  std::string tolerance;  // an interval
};

Retry ReadRetry(const Json& args, const std::string& path) {
  const Json* given = ObjectOrNull(args, "retry_conf", path);
  const Json nothing;
  const Json& conf = given == nullptr ? nothing : *given;
  const std::string conf_path = path + ".retry_conf";
  RefuseOtherKeys(conf, {"num_retries", "retry_interval_seconds", "timeout_seconds", "tolerance_seconds"}, conf_path);
  return {fmt::format(R"({{"attempts":{},"backoff":"fixed","interval":{},"timeout":{}}})",
                      NumberOr(conf, "num_retries", 0, conf_path) + 1,
                      NumberOr(conf, "retry_interval_seconds", 10, conf_path),
                      NumberOr(conf, "timeout_seconds", 60, conf_path)),
          fmt::format("{} seconds", NumberOr(conf, "tolerance_seconds", 21600, conf_path))};
}

// What the metadata says beyond Hasura's words: arguments of threefactor.schedule.
struct ScheduleExtras {
  std::optional<std::string> retry;
  std::optional<std::string> time_zone;
  std::optional<std::string> endpoint;
  std::optional<std::string> error_webhook;
  std::optional<std::string> secrets;  // text[]
};

ScheduleExtras ReadExtras(const Json& args, const std::string& path) {
  const Json* given = ObjectOrNull(args, "threefactor", path);
  if (given == nullptr) return {};
  const std::string inner = path + ".threefactor";
  RefuseOtherKeys(*given, {"endpoint", "error_webhook", "retry", "secrets", "time_zone"}, inner);
  const auto text = [&](const char* key) {
    return FindMember(*given, key) == nullptr ? std::nullopt : std::optional(RequireString(*given, key, inner));
  };
  const auto json = [&](const char* key) {
    const Json* value = ObjectOrNull(*given, key, inner);
    return value == nullptr ? std::nullopt : std::optional(WriteJson(*value));
  };
  ScheduleExtras extras = {json("retry"), text("time_zone"), json("endpoint"), text("error_webhook"), std::nullopt};
  if (const Json* secrets = FindMember(*given, "secrets")) {
    std::vector<std::string> list;
    if (!secrets->IsArray()) throw Error(code::kParseFailed, "expected a list of secrets", inner + ".secrets");
    for (const Json& secret : secrets->Items()) {
      if (!secret.IsString()) throw Error(code::kParseFailed, "expected a secret", inner + ".secrets");
      list.emplace_back(secret.Text());
    }
    extras.secrets = execute::TextArray(list);
  }
  return extras;
}

std::optional<std::string> Payload(const Json& args) {
  const Json* payload = FindMember(args, "payload");
  if (payload == nullptr) return std::nullopt;
  return WriteJson(*payload);
}

std::optional<std::string> Comment(const Json& args, const std::string& path) {
  if (FindMember(args, "comment") == nullptr) return std::nullopt;
  return RequireString(args, "comment", path);
}

Command CreateCron(const Json& args, const std::string& path) {
  RefuseTransforms(args, path);
  RefuseOtherKeys(args,
                  {"name", "webhook", "schedule", "payload", "headers", "retry_conf", "include_in_metadata", "comment",
                   "replace", "source", "request_transform", "response_transform", "threefactor"},
                  path);
  Retry retry = ReadRetry(args, path);
  const ScheduleExtras extras = ReadExtras(args, path);
  if (extras.retry) retry.rule = *extras.retry;
  Command command;
  command.statements = {
      {"SELECT threefactor.schedule(name => $1, webhook => $2, cron => $3, payload => $4::pg_catalog.json, "
       "headers => $5::pg_catalog.jsonb, retry => $6::pg_catalog.jsonb, tolerance => $7::interval, comment => $8, "
       "replace => $9::boolean, include_in_metadata => $10::boolean, time_zone => coalesce($11, 'UTC'), endpoint => "
       "coalesce($12::pg_catalog.jsonb, '{}'), error_webhook => $13, secrets => $14::pg_catalog.text[])",
       {RequireString(args, "name", path), RequireString(args, "webhook", path), RequireString(args, "schedule", path),
        Payload(args), Headers(args, path), std::move(retry.rule), std::move(retry.tolerance), Comment(args, path),
        BoolOr(args, "replace", false, path) ? "true" : "false",
        BoolOr(args, "include_in_metadata", true, path) ? "true" : "false", extras.time_zone, extras.endpoint,
        extras.error_webhook, extras.secrets},
       path,
       ""}};
  return command;
}

Command DeleteCron(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"name", "source"}, path);
  Command command;
  command.statements = {{"SELECT threefactor.unschedule(name => $1)", {RequireString(args, "name", path)}, path, ""}};
  return command;
}

Command CreateOnce(const Json& args, const std::string& path) {
  RefuseTransforms(args, path);
  RefuseOtherKeys(args,
                  {"webhook", "schedule_at", "payload", "headers", "retry_conf", "comment", "source",
                   "request_transform", "response_transform"},
                  path);
  Retry retry = ReadRetry(args, path);
  Command command;
  command.answer = Command::Answer::kJson;
  command.result = 0;
  command.statements = {
      {"SELECT pg_catalog.json_build_object('message', 'success', 'event_id', threefactor.schedule_once(webhook => $1, "
       "at => $2::pg_catalog.timestamptz, payload => $3::pg_catalog.json, headers => $4::pg_catalog.jsonb, retry => "
       "$5::pg_catalog.jsonb, "
       "tolerance => $6::interval, comment => $7))",
       {RequireString(args, "webhook", path), RequireString(args, "schedule_at", path), Payload(args),
        Headers(args, path), std::move(retry.rule), std::move(retry.tolerance), Comment(args, path)},
       path,
       ""}};
  return command;
}

Command DeleteOnce(const Json& args, const std::string& path) {
  RefuseOtherKeys(args, {"type", "event_id", "source"}, path);
  if (RequireString(args, "type", path) != "one_off")
    throw Error(code::kNotSupported,
                "a tick of a cron trigger is no event before it is due: pause or delete the trigger", path + ".type");
  Command command;
  command.statements = {{"SELECT threefactor.unschedule(event => $1::pg_catalog.uuid)",
                         {RequireString(args, "event_id", path)},
                         path,
                         ""}};
  return command;
}

constexpr std::array kScheduleKinds = std::to_array<std::pair<std::string_view, ReadCommand>>({
    {"create_cron_trigger", CreateCron},
    {"delete_cron_trigger", DeleteCron},
    {"create_scheduled_event", CreateOnce},
    {"delete_scheduled_event", DeleteOnce},
});

}  // namespace

ReadCommand FindSchedule(std::string_view type) {
  const auto* found =
      std::find_if(kScheduleKinds.begin(), kScheduleKinds.end(), [&](const auto& kind) { return kind.first == type; });
  return found == kScheduleKinds.end() ? nullptr : found->second;
}

}  // namespace threefactor::metadata
