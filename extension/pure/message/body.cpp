#include "message/body.hpp"

#include <algorithm>

#include "event/omitted.hpp"
#include "message/cloud_events.hpp"
#include "text/text.hpp"

namespace threefactor::delivery {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::size_t SkipSpace(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(kSpace, at), text.size());
}

// Past the string that begins at `at`, a quote.
std::size_t SkipString(std::string_view text, std::size_t at) {
  for (at++; at < text.size(); at++) {
    if (text[at] == '\\')
      at++;
    else if (text[at] == '"')
      return at + 1;
  }
  return text.size();
}

// Up to the comma or brace that ends the value beginning at `at`.
std::size_t SkipValue(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = SkipString(text, at);
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}')) return at;
    if (c == '{' || c == '[') depth++;
    if (c == '}' || c == ']') depth--;
    at++;
  }
  return at;
}

// What somebody gave to invoke() or emit() is not a row of the table.
bool HoldsRows(const Event& event) {
  return event.operation == "INSERT" || event.operation == "UPDATE" || event.operation == "DELETE";
}

}  // namespace

void AppendJson(std::string& body, const OptionalText& json) {
  if (json)
    body += *json;
  else
    body += "null";
}

void AppendText(std::string& body, const OptionalText& text) {
  if (text)
    AppendJsonString(body, *text);
  else
    body += "null";
}

void AppendRow(std::string& body, const BodySource& source, const OptionalText& row) {
  if (row && source.payload && HoldsRows(source.event))
    body += ProjectRow(*row, *source.payload);
  else
    AppendJson(body, row);
}

std::string ProjectRow(std::string_view row, const std::vector<std::string>& columns) {
  if (IsOmitted(row)) return std::string(row);
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const std::string& column : columns) AppendJsonString(names.emplace_back(), column);

  std::size_t at = SkipSpace(row, 0);
  if (at == row.size() || row[at] != '{') return std::string(row);
  std::string projected = "{";
  at = SkipSpace(row, at + 1);
  while (at < row.size() && row[at] == '"') {
    const std::size_t name_end = SkipString(row, at);
    const std::string_view name = row.substr(at, name_end - at);
    const std::size_t end = SkipValue(row, std::min(row.find(':', name_end), row.size()));
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      if (projected.size() > 1) projected += ',';
      projected += row.substr(at, end - at);
    }
    if (end == row.size() || row[end] != ',') break;
    at = SkipSpace(row, end + 1);
  }
  return projected += '}';
}

std::string HasuraBody(const BodySource& source) {
  const Event& event = source.event;
  std::string body;
  body.reserve(512 + event.Size());
  body += R"({"id":")";
  body += UuidText(source.key);
  body += R"(","created_at":")";
  body += TimeText(event.created_at);
  body += R"(","table":)";
  if (event.table_schema) {
    body += R"({"schema":)";
    AppendText(body, event.table_schema);
    body += R"(,"name":)";
    AppendText(body, event.table_name);
    body += '}';
  } else {
    body += "null";
    if (const OptionalText& topic = event.Topic()) {
      body += R"(,"topic":)";
      AppendText(body, topic);
    }
  }
  body += R"(,"trigger":{"name":)";
  AppendJsonString(body, source.trigger_name);
  body += R"(},"event":{"op":)";
  AppendJsonString(body, event.operation);
  body += R"(,"data":{"old":)";
  AppendRow(body, source, event.old_row);
  body += R"(,"new":)";
  AppendRow(body, source, event.new_row);
  body += R"(},"session_variables":)";
  AppendJson(body, event.session_variables);
  body += R"(,"trace_context":)";
  AppendJson(body, event.trace_context);
  body += R"(},"delivery_info":{"current_retry":)";
  body += std::to_string(source.current_retry);
  body += R"(,"max_retries":)";
  body += std::to_string(source.max_retries);
  body += "}}";
  return body;
}

std::string ScheduledBody(const BodySource& source) {
  std::string body = R"({"id":")";
  body += UuidText(source.key);
  body += R"(",)";
  body += std::string_view(*source.event.new_row).substr(1);
  return body;
}

std::string SupabaseBody(const BodySource& source) {
  const Event& event = source.event;
  std::string body;
  body.reserve(256 + event.Size());
  body += R"({"type":)";
  AppendJsonString(body, event.operation);
  body += R"(,"table":)";
  AppendText(body, event.table_name);
  body += R"(,"schema":)";
  AppendText(body, event.table_schema);
  body += R"(,"record":)";
  AppendRow(body, source, event.new_row);
  body += R"(,"old_record":)";
  AppendRow(body, source, event.old_row);
  body += '}';
  return body;
}

Content MakeContent(BodyProfile profile, const BodySource& source) {
  if (source.event.operation == "SCHEDULED") return {ScheduledBody(source)};
  switch (profile) {
    case BodyProfile::kHasura:
      return {HasuraBody(source)};
    case BodyProfile::kCloudEventsBinary:
      return BinaryCloudEvent(source);
    case BodyProfile::kCloudEventsStructured:
      return StructuredCloudEvent(source);
    case BodyProfile::kSupabase:
      return {SupabaseBody(source)};
  }
  return {};
}

}  // namespace threefactor::delivery
