#include "validation/json_text.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "error.hpp"

namespace threefactor::validation {

namespace {

class JsonTextWriter {
 public:
  JsonTextWriter(Variables& variables, const Limits& limits, Path& path)
      : variables_(variables), limits_(limits), path_(path), writer_(buffer_) {}

  void Write(const Input& input, int depth) {
    if (depth > limits_.SafeDepth()) {
      throw Error(code::kValidationFailed,
                  fmt::format("the value is nested deeper than {} levels", limits_.SafeDepth()), path_.text());
    }
    switch (input.kind()) {
      case Input::Kind::kVariable:
        Write(variables_.Use(input.View()).Value(), depth + 1);
        break;
      case Input::Kind::kNull:
        writer_.Null();
        break;
      case Input::Kind::kBoolean:
        writer_.Bool(input.Text() == "true");
        break;
      case Input::Kind::kInt:
      case Input::Kind::kFloat: {
        const std::string number = input.Text();
        writer_.RawValue(number.data(), number.size(), rapidjson::kNumberType);
        break;
      }
      case Input::Kind::kString:
      case Input::Kind::kEnum:
        WriteString(input.View());
        break;
      case Input::Kind::kList:
        writer_.StartArray();
        for (std::size_t i = 0; i < input.size(); ++i) Write(input.Item(i), depth + 1);
        writer_.EndArray();
        break;
      case Input::Kind::kObject:
        writer_.StartObject();
        for (std::size_t i = 0; i < input.size(); ++i) {
          const std::string_view name = input.MemberName(i);
          writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
          Write(input.MemberValue(i), depth + 1);
        }
        writer_.EndObject();
        break;
    }
  }

  std::string Take() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  void WriteString(std::string_view text) {
    writer_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }

  Variables& variables_;
  const Limits& limits_;
  Path& path_;
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

}  // namespace

std::string JsonText(const Input& input, Variables& variables, const Limits& limits, Path& path) {
  JsonTextWriter writer(variables, limits, path);
  writer.Write(input, 0);
  return writer.Take();
}

}  // namespace threefactor::validation
