#include "delivery/pure/body.hpp"

#include <algorithm>

#include "delivery/pure/text.hpp"

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

void AppendRow(std::string& body, const OptionalText& row, const std::vector<std::string>* columns) {
  if (row && columns)
    body += ProjectRow(*row, *columns);
  else
    AppendJson(body, row);
}

}  // namespace

std::string ProjectRow(std::string_view row, const std::vector<std::string>& columns) {
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

std::string MakeScheduledBody(const Event& event, const UuidBytes& key) {
  std::string body = R"({"id":")";
  body += UuidText(key);
  body += R"(",)";
  body += std::string_view(*event.new_row).substr(1);
  return body;
}

std::string MakeBody(const Event& event, const UuidBytes& key, std::string_view trigger_name,
                     const std::optional<std::vector<std::string>>& payload, int current_retry, int max_retries) {
  // What somebody gave to invoke() is not a row of the table.
  const auto* columns = payload && event.operation != "MANUAL" ? &*payload : nullptr;
  std::string body;
  body.reserve(512 + event.Size());
  body += R"({"id":")";
  body += UuidText(key);
  body += R"(","created_at":")";
  body += TimeText(event.created_at);
  body += R"(","table":)";
  if (event.table_name) {
    body += R"({"schema":)";
    AppendText(body, event.table_schema);
    body += R"(,"name":)";
    AppendText(body, event.table_name);
    body += '}';
  } else {
    body += "null";
  }
  body += R"(,"trigger":{"name":)";
  AppendJsonString(body, trigger_name);
  body += R"(},"event":{"op":)";
  AppendJsonString(body, event.operation);
  body += R"(,"data":{"old":)";
  AppendRow(body, event.old_row, columns);
  body += R"(,"new":)";
  AppendRow(body, event.new_row, columns);
  body += R"(},"session_variables":)";
  AppendJson(body, event.session_variables);
  body += R"(,"trace_context":)";
  AppendJson(body, event.trace_context);
  body += R"(},"delivery_info":{"current_retry":)";
  body += std::to_string(current_retry);
  body += R"(,"max_retries":)";
  body += std::to_string(max_retries);
  body += "}}";
  return body;
}

}  // namespace threefactor::delivery
