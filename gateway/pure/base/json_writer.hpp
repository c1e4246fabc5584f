// Writes JSON text: the one way from values to it. Texts must be valid UTF-8. Not thread-safe.
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace threefactor {

class JsonWriter {
 public:
  JsonWriter() : writer_(buffer_) {}

  void StartObject() { writer_.StartObject(); }
  void EndObject() { writer_.EndObject(); }
  void StartArray() { writer_.StartArray(); }
  void EndArray() { writer_.EndArray(); }
  void Key(std::string_view name) { writer_.Key(name.data(), Size(name)); }
  void Null() { writer_.Null(); }
  void Bool(bool value) { writer_.Bool(value); }
  void Integer(std::uint64_t value) { writer_.Uint64(value); }
  void String(std::string_view text) { writer_.String(text.data(), Size(text)); }
  // Any value, as JSON text already.
  void Raw(std::string_view json) { writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType); }
  // Numbers digit by digit as they were sent.
  void Value(const Json& value);

  void Member(std::string_view name, std::string_view text) {
    Key(name);
    String(text);
  }

  std::size_t size() const { return buffer_.GetSize(); }  // bytes so far
  std::string Take() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  static rapidjson::SizeType Size(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

std::string WriteJsonString(std::string_view text);  // quoted and escaped

}  // namespace threefactor
