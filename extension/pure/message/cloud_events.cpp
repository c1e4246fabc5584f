#include "message/cloud_events.hpp"

#include <array>
#include <cctype>
#include <utility>

#include "text/text.hpp"

namespace threefactor::delivery {

namespace {

using Attributes = std::array<std::pair<std::string_view, std::string>, 6>;

template <typename Keeps>
std::string PercentEncode(std::string_view text, Keeps keeps) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (keeps(byte)) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kDigits[byte >> 4];
      encoded += kDigits[byte & 15];
    }
  }
  return encoded;
}

std::string PathSegment(std::string_view text) {
  return PercentEncode(text, [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~');
  });
}

std::string SourceOf(const BodySource& source) {
  const Event& event = source.event;
  if (event.table_schema) return "/tables/" + PathSegment(*event.table_schema) + '/' + PathSegment(*event.table_name);
  if (event.Topic()) return "/topics/" + *event.Topic();  // fits a URI as it is
  return "/event_triggers/" + PathSegment(source.trigger_name);
}

std::string TypeOf(const Event& event) {
  if (event.operation == "EMIT" && event.Topic()) return *event.Topic();
  std::string type = "threefactor.";
  for (const char c : event.operation) type += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return type;
}

Attributes AttributesOf(const BodySource& source) {
  return {{{"specversion", "1.0"},
           {"id", UuidText(source.key)},
           {"source", SourceOf(source)},
           {"type", TypeOf(source.event)},
           {"subject", std::string(source.trigger_name)},
           {"time", TimeText(source.event.created_at)}}};
}

void AppendData(std::string& body, const BodySource& source) {
  const Event& event = source.event;
  if (!event.table_schema) {
    AppendJson(body, event.new_row);
    return;
  }
  body += R"({"old":)";
  AppendRow(body, source, event.old_row);
  body += R"(,"new":)";
  AppendRow(body, source, event.new_row);
  body += R"(,"session_variables":)";
  AppendJson(body, event.session_variables);
  body += '}';
}

}  // namespace

std::string CloudEventsHeaderValue(std::string_view value) {
  return PercentEncode(value, [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '%'; });
}

Content BinaryCloudEvent(const BodySource& source) {
  Content content;
  for (const auto& [name, value] : AttributesOf(source))
    content.headers.push_back("ce-" + std::string(name) + ": " + CloudEventsHeaderValue(value));
  content.body.reserve(64 + source.event.Size());
  AppendData(content.body, source);
  return content;
}

Content StructuredCloudEvent(const BodySource& source) {
  Content content;
  content.type = "application/cloudevents+json; charset=utf-8";
  std::string& body = content.body;
  body.reserve(512 + source.event.Size());
  body += '{';
  for (const auto& [name, value] : AttributesOf(source)) {
    AppendJsonString(body, name);
    body += ':';
    AppendJsonString(body, value);
    body += ',';
  }
  body += R"("datacontenttype":"application/json","data":)";
  AppendData(body, source);
  body += '}';
  return content;
}

}  // namespace threefactor::delivery
