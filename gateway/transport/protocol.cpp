#include "transport/protocol.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/json_writer.hpp"
#include "transport/protocol_common.hpp"

namespace threefactor::transport {

namespace {

// `name`: in lower case.
bool IsIdentity(std::string_view name) {
  return name == "authorization" || name == "cookie" || name.starts_with("x-hasura-");
}

void AddHeaders(const Json& object, std::map<std::string, std::string>& headers) {
  for (const auto& [name, value] : object.Members()) {
    std::string lower(name.Text());
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
    });
    if (!value.IsString()) {
      if (IsIdentity(lower) && !value.IsNull())
        throw Error(code::kBadRequest, "Invalid message: the header \"" + lower + "\" is not a string");
      continue;
    }
    const auto [header, is_new] = headers.emplace(lower, value.Text());
    if (!is_new && header->second != value.Text())
      throw Error(code::kBadRequest, "Invalid message: the header \"" + lower + "\" is given more than once");
  }
}

// Null: absent, or JSON's null.
const Json* Find(const Json& object, const char* name) {
  const Json* found = object.Find(name);
  return found == nullptr || found->IsNull() ? nullptr : found;
}

bool AbsentOr(const Json& object, const char* name, bool (Json::*is_type)() const) {
  const Json* found = Find(object, name);
  return found == nullptr || (found->*is_type)();
}

// Which of two members with one name counts would depend on the reader.
void Check(const Json& object) {
  if (const Json* name = object.RepeatedName())
    throw Error(code::kBadRequest, "Invalid message: it has the key \"" + std::string(name->Text()) + "\" twice");
}

JsonDocument ReadJsonObject(std::string_view text) {
  JsonDocument document;
  try {
    document = ParseJson(text, "the message");
  } catch (const Error& error) {
    throw Error(code::kBadRequest, "Invalid message: " + error.message());
  }
  if (!document.root().IsObject()) throw Error(code::kBadRequest, "Invalid message: not a JSON object");
  Check(document.root());
  return document;
}

}  // namespace

ClientMessage ReadMessage(std::string_view text) {
  const JsonDocument document = ReadJsonObject(text);
  const Json& root = document.root();
  const Json* type = Find(root, "type");
  if (type == nullptr || !type->IsString())
    throw Error(code::kBadRequest, "Invalid message: \"type\" is missing or not a string");
  ClientMessage message;
  message.type = type->Text();

  if (const Json* id = Find(root, "id")) {
    if (!id->IsString() || id->Text().empty())
      throw Error(code::kBadRequest, "Invalid message: \"id\" is not a string, or empty");
    message.id = id->Text();
  }

  if (const Json* payload = Find(root, "payload")) {
    message.payload_kind = payload->IsObject() ? ClientMessage::Payload::kObject : ClientMessage::Payload::kOther;
    message.payload = WriteJson(*payload);
    if (payload->IsObject() && message.type == "connection_init") {
      Check(*payload);
      AddHeaders(*payload, message.init_headers);
      const Json* headers = Find(*payload, "headers");
      if (headers != nullptr) Check(*headers);
      if (headers != nullptr && headers->IsObject()) AddHeaders(*headers, message.init_headers);
    }
  }
  return message;
}

void CheckRequestShape(const ClientMessage& message) {
  if (message.payload_kind != ClientMessage::Payload::kObject)
    throw Error(code::kBadRequest, "Invalid message: \"payload\" is missing or not an object");
  const JsonDocument document = ReadJsonObject(message.payload);
  const Json& payload = document.root();
  const Json* query = Find(payload, "query");
  const bool is_named = Find(payload, "documentId") != nullptr || Find(payload, "extensions") != nullptr;
  if (query == nullptr ? !is_named : !query->IsString())
    throw Error(code::kBadRequest, "Invalid message: \"query\" is missing or not a string");
  if (!AbsentOr(payload, "operationName", &Json::IsString))
    throw Error(code::kBadRequest, "Invalid message: \"operationName\" is not a string");
  if (!AbsentOr(payload, "variables", &Json::IsObject))
    throw Error(code::kBadRequest, "Invalid message: \"variables\" is not an object");
  if (!AbsentOr(payload, "extensions", &Json::IsObject))
    throw Error(code::kBadRequest, "Invalid message: \"extensions\" is not an object");
}

std::string WriteMessage(std::string_view type, std::string_view id, std::string_view payload) {
  std::string message;
  message.reserve(48 + type.size() + id.size() + payload.size());
  message.append(R"({"type":")").append(type).append("\"");
  if (!id.empty()) message.append(R"(,"id":)").append(WriteJsonString(id));
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
