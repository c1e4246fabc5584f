#include "validation/input.hpp"

namespace threefactor::validation {

namespace {

Input::Kind KindOf(const language::Value& literal) {
  using Literal = language::Value::Kind;
  switch (literal.kind) {
    case Literal::kVariable:
      return Input::Kind::kVariable;
    case Literal::kInt:
      return Input::Kind::kInt;
    case Literal::kFloat:
      return Input::Kind::kFloat;
    case Literal::kString:
      return Input::Kind::kString;
    case Literal::kBoolean:
      return Input::Kind::kBoolean;
    case Literal::kEnum:
      return Input::Kind::kEnum;
    case Literal::kList:
      return Input::Kind::kList;
    case Literal::kObject:
      return Input::Kind::kObject;
    case Literal::kNull:
      break;
  }
  return Input::Kind::kNull;
}

Input::Kind KindOf(const Json& json) {
  switch (json.kind()) {
    case Json::Kind::kBoolean:
      return Input::Kind::kBoolean;
    case Json::Kind::kObject:
      return Input::Kind::kObject;
    case Json::Kind::kArray:
      return Input::Kind::kList;
    case Json::Kind::kString:
      return Input::Kind::kString;
    case Json::Kind::kNumber:
      return json.Text().find_first_of(".eE") == std::string_view::npos ? Input::Kind::kInt : Input::Kind::kFloat;
    case Json::Kind::kNull:
      break;
  }
  return Input::Kind::kNull;
}

}  // namespace

Input::Kind Input::kind() const {
  if (literal_ != nullptr) return KindOf(*literal_);
  return json_ != nullptr ? KindOf(*json_) : Kind::kNull;
}

std::string_view Input::Text() const {
  return literal_ != nullptr ? std::string_view(literal_->text) : json_->Text();
}

std::size_t Input::size() const {
  if (literal_ != nullptr) {
    return literal_->kind == language::Value::Kind::kList ? literal_->items.size() : literal_->fields.size();
  }
  return json_->IsArray() ? json_->Items().size() : json_->Members().size();
}

Input Input::Item(std::size_t index) const {
  if (literal_ != nullptr) return Input(literal_->items[index]);
  return Input(json_->Items()[index], use_);
}

std::string_view Input::MemberName(std::size_t index) const {
  if (literal_ != nullptr) return literal_->fields[index].name;
  return json_->Members()[index].name.Text();
}

Input Input::MemberValue(std::size_t index) const {
  if (literal_ != nullptr) return Input(literal_->fields[index].value);
  return Input(json_->Members()[index].value, use_);
}

std::string_view Input::Describe() const {
  if (json_ != nullptr && json_->IsNumber()) return "a number";
  switch (kind()) {
    case Kind::kVariable:
      return "a variable";
    case Kind::kNull:
      return "null";
    case Kind::kBoolean:
      return "a boolean";
    case Kind::kInt:
      return "an integer";
    case Kind::kFloat:
      return "a float";
    case Kind::kString:
      return "a string";
    case Kind::kEnum:
      return "an enum value";
    case Kind::kList:
      return "a list";
    case Kind::kObject:
      break;
  }
  return "an object";
}

}  // namespace threefactor::validation
