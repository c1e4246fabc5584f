#include "base/json_writer.hpp"

namespace threefactor {

void JsonWriter::Value(const Json& value) {
  switch (value.kind()) {
    case Json::Kind::kNull:
      return Null();
    case Json::Kind::kBoolean:
    case Json::Kind::kNumber:
      return Raw(value.Text());
    case Json::Kind::kString:
      return String(value.Text());
    case Json::Kind::kArray:
      StartArray();
      for (const Json& item : value.Items()) Value(item);
      return EndArray();
    case Json::Kind::kObject:
      StartObject();
      for (const auto& [name, inner] : value.Members()) {
        Key(name.Text());
        Value(inner);
      }
      return EndObject();
  }
}

std::string WriteJsonString(std::string_view text) {
  JsonWriter writer;
  writer.String(text);
  return writer.Take();
}

}  // namespace threefactor
