#include "transport/protocol.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

#include "transport/protocol_common.hpp"

namespace threefactor::transport {

namespace {

std::string_view TextOf(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

std::size_t SkipString(std::string_view json, std::size_t at) {
  for (++at; json[at] != '"'; ++at)
    if (json[at] == '\\') ++at;
  return at + 1;
}

std::size_t SkipSpace(std::string_view json, std::size_t at) {
  return std::min(json.find_first_not_of(" \t\r\n", at), json.size());
}

// The end of the value that begins at `at`.
std::size_t SkipValue(std::string_view json, std::size_t at) {
  int depth = 0;
  while (true) {
    const char c = json[at];
    if (c == '"') {
      at = SkipString(json, at);
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at;
    } else if (c == '}' || c == ']') {
      --depth;
      ++at;
    } else if (depth > 0) {
      ++at;
    } else {
      return std::min(json.find_first_of(",}] \t\r\n", at), json.size());
    }
    if (depth == 0) return at;
  }
}

// The text of a member of an object, as the client wrote it: writing it anew from the parsed form would change numbers.
// REQUIRES: `object` is a valid JSON object. Empty: no such member, or its name is written with escapes.
std::string_view RawMember(std::string_view object, std::string_view name) {
  std::size_t at = SkipSpace(object, object.find('{') + 1);
  while (object[at] == '"') {
    const std::size_t key_end = SkipString(object, at);
    const std::string_view key = object.substr(at + 1, key_end - at - 2);
    const std::size_t value = SkipSpace(object, SkipSpace(object, key_end) + 1);
    const std::size_t value_end = SkipValue(object, value);
    if (key == name) return object.substr(value, value_end - value);
    at = SkipSpace(object, value_end);
    if (object[at] == ',') at = SkipSpace(object, at + 1);
  }
  return {};
}

void AddHeaders(const rapidjson::Value& object, std::map<std::string, std::string>& headers) {
  for (const auto& [name, value] : object.GetObject()) {
    if (!value.IsString()) continue;
    std::string lower(TextOf(name));
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
    });
    headers.insert_or_assign(std::move(lower), TextOf(value));
  }
}

// Null: absent, or JSON's null.
const rapidjson::Value* Find(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() || found->value.IsNull() ? nullptr : &found->value;
}

bool AbsentOr(const rapidjson::Value& object, const char* name, bool (rapidjson::Value::*is_type)() const) {
  const rapidjson::Value* found = Find(object, name);
  return found == nullptr || (found->*is_type)();
}

}  // namespace

ClientMessage ReadMessage(std::string_view text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());  // any depth, on a fixed stack
  if (document.HasParseError() || !document.IsObject())
    throw Error(code::kBadRequest, "Invalid message: not a JSON object");
  const rapidjson::Value* type = Find(document, "type");
  if (type == nullptr || !type->IsString())
    throw Error(code::kBadRequest, "Invalid message: \"type\" is missing or not a string");
  ClientMessage message;
  message.type = TextOf(*type);

  if (const rapidjson::Value* id = Find(document, "id")) {
    if (!id->IsString() || id->GetStringLength() == 0)
      throw Error(code::kBadRequest, "Invalid message: \"id\" is not a string, or empty");
    message.id = TextOf(*id);
  }

  if (const rapidjson::Value* payload = Find(document, "payload")) {
    message.payload_kind = payload->IsObject() ? ClientMessage::Payload::kObject : ClientMessage::Payload::kOther;
    message.payload = RawMember(text, "payload");
    if (message.payload.empty()) throw Error(code::kBadRequest, "Invalid message: \"payload\" is written with escapes");
    if (payload->IsObject() && message.type == "connection_init") {
      AddHeaders(*payload, message.init_headers);
      const rapidjson::Value* headers = Find(*payload, "headers");
      if (headers != nullptr && headers->IsObject()) AddHeaders(*headers, message.init_headers);
    }
  }
  return message;
}

void CheckRequestShape(const ClientMessage& message) {
  if (message.payload_kind != ClientMessage::Payload::kObject)
    throw Error(code::kBadRequest, "Invalid message: \"payload\" is missing or not an object");
  rapidjson::Document payload;
  payload.Parse<rapidjson::kParseIterativeFlag>(message.payload.data(), message.payload.size());
  const rapidjson::Value* query = Find(payload, "query");
  const bool is_named = Find(payload, "documentId") != nullptr || Find(payload, "extensions") != nullptr;
  if (query == nullptr ? !is_named : !query->IsString())
    throw Error(code::kBadRequest, "Invalid message: \"query\" is missing or not a string");
  if (!AbsentOr(payload, "operationName", &rapidjson::Value::IsString))
    throw Error(code::kBadRequest, "Invalid message: \"operationName\" is not a string");
  if (!AbsentOr(payload, "variables", &rapidjson::Value::IsObject))
    throw Error(code::kBadRequest, "Invalid message: \"variables\" is not an object");
  if (!AbsentOr(payload, "extensions", &rapidjson::Value::IsObject))
    throw Error(code::kBadRequest, "Invalid message: \"extensions\" is not an object");
}

std::string JsonString(std::string_view text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return {buffer.GetString(), buffer.GetSize()};
}

std::string WriteMessage(std::string_view type, std::string_view id, std::string_view payload) {
  std::string message;
  message.reserve(48 + type.size() + id.size() + payload.size());
  message.append(R"({"type":")").append(type).append("\"");
  if (!id.empty()) message.append(R"(,"id":)").append(JsonString(id));
  if (!payload.empty()) message.append(R"(,"payload":)").append(payload);
  message.append("}");
  return message;
}

std::string_view CutReason(std::string_view reason) {
  constexpr std::size_t kLongest = 123;
  if (reason.size() <= kLongest) return reason;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xC0U) == 0x80U) --end;  // inside a UTF-8 sequence
  return reason.substr(0, end);
}

std::unique_ptr<ProtocolSession> MakeProtocolSession(std::string_view subprotocol, ProtocolHost& host) {
  if (subprotocol == kTransportProtocol) return MakeTransportSession(host);
  if (subprotocol == kLegacyProtocol) return MakeLegacySession(host);
  return nullptr;
}

}  // namespace threefactor::transport
