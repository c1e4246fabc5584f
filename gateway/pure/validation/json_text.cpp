#include "validation/json_text.hpp"

#include "base/json_writer.hpp"

namespace threefactor::validation {

namespace {

class JsonTextWriter {
 public:
  explicit JsonTextWriter(Variables& variables) : variables_(variables) {}

  void Write(const Input& input) {
    if (input.IsJson()) return writer_.Value(*input.json());
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
        writer_.Raw(input.Text());
        break;
      case Input::Kind::kString:
      case Input::Kind::kEnum:
        writer_.String(input.Text());
        break;
      case Input::Kind::kList:
        writer_.StartArray();
        for (std::size_t i = 0; i < input.size(); ++i) Write(input.Item(i));
        writer_.EndArray();
        break;
      case Input::Kind::kObject:
        writer_.StartObject();
        for (std::size_t i = 0; i < input.size(); ++i) {
          writer_.Key(input.MemberName(i));
          Write(input.MemberValue(i));
        }
        writer_.EndObject();
        break;
    }
  }

  std::string Take() const { return writer_.Take(); }

 private:
  Variables& variables_;
  JsonWriter writer_;
};

}  // namespace

std::string JsonText(const Input& input, Variables& variables) {
  if (input.IsJson()) return WriteJson(*input.json());
  JsonTextWriter writer(variables);
  writer.Write(input);
  return writer.Take();
}

}  // namespace threefactor::validation
