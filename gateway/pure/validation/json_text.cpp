#include "validation/json_text.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace threefactor::validation {

namespace {

class JsonTextWriter {
 public:
  explicit JsonTextWriter(Variables& variables) : variables_(variables), writer_(buffer_) {}

  void Write(const Input& input) {
    if (input.IsJson()) return WriteRaw(WriteJson(*input.json()));
    switch (input.kind()) {
      case Input::Kind::kVariable:
        Write(variables_.Use(input.Text()).Value());
        break;
      case Input::Kind::kNull:
        writer_.Null();
        break;
      case Input::Kind::kBoolean:
      case Input::Kind::kInt:
      case Input::Kind::kFloat:
        WriteRaw(input.Text());
        break;
      case Input::Kind::kString:
      case Input::Kind::kEnum:
        WriteString(input.Text());
        break;
      case Input::Kind::kList:
        writer_.StartArray();
        for (std::size_t i = 0; i < input.size(); ++i) Write(input.Item(i));
        writer_.EndArray();
        break;
      case Input::Kind::kObject:
        writer_.StartObject();
        for (std::size_t i = 0; i < input.size(); ++i) {
          WriteString(input.MemberName(i));
          Write(input.MemberValue(i));
        }
        writer_.EndObject();
        break;
    }
  }

  std::string Take() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  void WriteRaw(std::string_view json) { writer_.RawValue(json.data(), json.size(), rapidjson::kNumberType); }
  void WriteString(std::string_view text) {
    writer_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }

  Variables& variables_;
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

}  // namespace

std::string JsonText(const Input& input, Variables& variables) {
  if (input.IsJson()) return WriteJson(*input.json());
  JsonTextWriter writer(variables);
  writer.Write(input);
  return writer.Take();
}

}  // namespace threefactor::validation
