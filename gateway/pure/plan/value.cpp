#include "plan/value.hpp"

#include "base/error.hpp"

namespace threefactor::plan {

namespace {

void AppendElement(std::string& literal, const Text& element) {
  if (!element) {
    literal += "NULL";
    return;
  }
  // Always in quotes: so that "NULL", spaces, braces and the empty string are text.
  literal += '"';
  for (const char c : *element) {
    if (c == '"' || c == '\\') literal += '\\';
    literal += c;
  }
  literal += '"';
}

Text Plain(const validation::Value& value) {
  using Kind = validation::Value::Kind;
  switch (value.kind) {
    case Kind::kNull:
      return std::nullopt;
    case Kind::kList:
      return ArrayLiteral(value);
    case Kind::kEnum:
      return value.enum_value->name;
    case Kind::kScalar:
    case Kind::kObject:
      break;
  }
  // libpq would end the text there, and Postgres has no such character.
  if (value.text.find('\0') != std::string::npos) {
    throw Error("data-exception", "a text value may not contain the null character \\u0000", value.path);
  }
  return value.text;
}

}  // namespace

Text TextOf(const validation::Value& value) {
  Text text = Plain(value);
  if (value.origin.sent != nullptr) text.source = &value;
  return text;
}

Text TextNotNull(const validation::Value& value, std::string_view type) {
  Text text = TextOf(value);
  if (!text) {
    throw Error(code::kValidationFailed, "unexpected null value for type \"" + std::string(type) + "\"", value.path);
  }
  return text;
}

std::string ArrayLiteral(const validation::Value& list) {
  std::string literal = "{";
  for (const validation::Value& item : list.items) {
    if (literal.size() > 1) literal += ',';
    if (item.kind == validation::Value::Kind::kList) {
      literal += ArrayLiteral(item);  // a dimension: no quotes
    } else {
      AppendElement(literal, TextOf(item));
    }
  }
  return literal + '}';
}

std::string ArrayLiteral(const std::vector<Text>& elements) {
  std::string literal = "{";
  for (const Text& element : elements) {
    if (literal.size() > 1) literal += ',';
    AppendElement(literal, element);
  }
  return literal + '}';
}

}  // namespace threefactor::plan
