// One view over the two forms in which a value arrives: a literal of the document, or JSON of the variables.
// Borrowed; null pointers on both sides are a null that was not written anywhere.
#pragma once

#include <rapidjson/document.h>

#include <string>
#include <string_view>

#include "language/ast.hpp"

namespace threefactor::validation {

class Input {
 public:
  enum class Kind { kVariable, kNull, kBoolean, kInt, kFloat, kString, kEnum, kList, kObject };

  Input() = default;
  explicit Input(const language::Value& literal) : literal_(&literal) {}
  // `use` numbers the uses of a variable, from 1.
  explicit Input(const rapidjson::Value& json, int use = 0) : json_(&json), use_(use) {}

  bool IsLiteral() const { return literal_ != nullptr; }
  bool IsJson() const { return json_ != nullptr; }
  const rapidjson::Value* json() const { return json_; }
  int use() const { return use_; }
  bool IsNull() const { return kind() == Kind::kNull; }
  Kind kind() const;

  // kString, kEnum, kVariable, kBoolean: their text. kInt, kFloat: the digits; those of JSON are shortest ones that
  // give the same number, because RapidJSON keeps an integer beyond 64 bits and a fraction as a double.
  std::string Text() const;
  // The same for kVariable, kString and kEnum, borrowed.
  std::string_view View() const;

  // kList and kObject.
  std::size_t size() const;
  Input Item(std::size_t index) const;
  std::string_view MemberName(std::size_t index) const;
  Input MemberValue(std::size_t index) const;

  // "a string", "null" ...: completes "expected X, but found ...".
  std::string_view Describe() const;

 private:
  const language::Value* literal_ = nullptr;
  const rapidjson::Value* json_ = nullptr;
  int use_ = 0;
};

}  // namespace threefactor::validation
