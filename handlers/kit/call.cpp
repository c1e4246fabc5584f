#include "kit/call.hpp"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace threefactor::kit {

namespace {

const rapidjson::Value* Member(const rapidjson::Value& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  // As a Value: a StringRef would convert to a pointer, and be read up to a zero byte.
  const auto found = object.FindMember(rapidjson::Value(rapidjson::StringRef(name.data(), name.size())));
  return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string TextOf(const rapidjson::Value* value) {
  return value != nullptr && value->IsString() ? std::string(value->GetString(), value->GetStringLength()) : "";
}

}  // namespace

Call::Call(std::string_view body, std::string idempotency_key) : idempotency_key_(std::move(idempotency_key)) {
  // Iterative: a body nested a million deep must not exhaust the stack.
  document_.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  if (document_.HasParseError()) {
    throw Rejected(400,
                   fmt::format("the body is not JSON: {} (at byte {})",
                               rapidjson::GetParseError_En(document_.GetParseError()), document_.GetErrorOffset()));
  }
  row_ = &document_;
  const rapidjson::Value* event = Member(document_, "event");
  if (const rapidjson::Value* data = event == nullptr ? nullptr : Member(*event, "data")) {
    operation_ = TextOf(Member(*event, "op"));
    const char* name = operation_ == "DELETE" ? "old" : "new";
    row_ = operation_ == "TRUNCATE" ? &no_row_ : Member(*data, name);
    if (row_ == nullptr) throw Rejected(400, fmt::format("the event has no event.data.{}", name));
  }
  if (!row_->IsObject()) throw Rejected(400, "the row is not a JSON object");
}

const rapidjson::Value& Call::Field(std::string_view path) const {
  const rapidjson::Value* value = row_;
  for (std::string_view rest = path; value != nullptr && !rest.empty();) {
    const std::size_t dot = rest.find('.');
    value = Member(*value, rest.substr(0, dot));
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  }
  if (value == nullptr || value->IsNull()) throw Rejected(400, fmt::format("'{}' is missing", path));
  return *value;
}

std::string Call::Text(std::string_view path) const {
  const rapidjson::Value& value = Field(path);
  if (!value.IsString()) throw Rejected(400, fmt::format("'{}' is not a string", path));
  std::string text(value.GetString(), value.GetStringLength());
  // A parameter in text format ends at a zero byte: the rest would be cut off silently.
  if (text.find('\0') != std::string::npos) throw Rejected(400, fmt::format("'{}' contains a zero character", path));
  return text;
}

int Call::Integer(std::string_view path) const {
  const rapidjson::Value& value = Field(path);
  if (!value.IsInt()) throw Rejected(400, fmt::format("'{}' is not a 32-bit integer", path));
  return value.GetInt();
}

Reply ReplyWith(int status, std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.StartObject();
  for (const auto& [name, value] : fields) {
    writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
  writer.EndObject();
  return {status, {buffer.GetString(), buffer.GetSize()}};
}

}  // namespace threefactor::kit
