#include "validation/input.hpp"

#include <charconv>

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

Input::Kind KindOf(const rapidjson::Value& json) {
  switch (json.GetType()) {
    case rapidjson::kFalseType:
    case rapidjson::kTrueType:
      return Input::Kind::kBoolean;
    case rapidjson::kObjectType:
      return Input::Kind::kObject;
    case rapidjson::kArrayType:
      return Input::Kind::kList;
    case rapidjson::kStringType:
      return Input::Kind::kString;
    case rapidjson::kNumberType:
      return json.IsDouble() ? Input::Kind::kFloat : Input::Kind::kInt;
    case rapidjson::kNullType:
      break;
  }
  return Input::Kind::kNull;
}

std::string NumberText(const rapidjson::Value& json) {
  char buffer[32];
  const auto print = [&](auto number) {
    return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
  };
  if (json.IsInt64()) return print(json.GetInt64());
  if (json.IsUint64()) return print(json.GetUint64());
  return print(json.GetDouble());
}

}  // namespace

Input::Kind Input::kind() const {
  if (literal_ != nullptr) return KindOf(*literal_);
  return json_ != nullptr ? KindOf(*json_) : Kind::kNull;
}

std::string Input::Text() const {
  if (literal_ != nullptr) return std::string(literal_->text);
  if (json_->IsString()) return {json_->GetString(), json_->GetStringLength()};
  if (json_->IsBool()) return json_->GetBool() ? "true" : "false";
  return NumberText(*json_);
}

std::string_view Input::View() const {
  if (literal_ != nullptr) return literal_->text;
  return {json_->GetString(), json_->GetStringLength()};
}

std::size_t Input::size() const {
  if (literal_ != nullptr) {
    return literal_->kind == language::Value::Kind::kList ? literal_->items.size() : literal_->fields.size();
  }
  return json_->IsArray() ? json_->Size() : json_->MemberCount();
}

Input Input::Item(std::size_t index) const {
  if (literal_ != nullptr) return Input(literal_->items[index]);
  return Input((*json_)[static_cast<rapidjson::SizeType>(index)], use_);
}

std::string_view Input::MemberName(std::size_t index) const {
  if (literal_ != nullptr) return literal_->fields[index].name;
  const rapidjson::Value& name = (json_->MemberBegin() + static_cast<std::ptrdiff_t>(index))->name;
  return {name.GetString(), name.GetStringLength()};
}

Input Input::MemberValue(std::size_t index) const {
  if (literal_ != nullptr) return Input(literal_->fields[index].value);
  return Input((json_->MemberBegin() + static_cast<std::ptrdiff_t>(index))->value, use_);
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
