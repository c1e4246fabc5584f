// One view over the two forms in which a value arrives: a literal of the document, or JSON of the variables.
// Borrowed; null pointers on both sides are a null that was not written anywhere.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "language/ast.hpp"

namespace threefactor::validation {

class Input {
 public:
  enum class Kind { kVariable, kNull, kBoolean, kInt, kFloat, kString, kEnum, kList, kObject };

  Input() = default;
  explicit Input(const language::Value& literal) : literal_(&literal) {}
  // `use` numbers the uses of a variable, from 1.
  explicit Input(const Json& json, int use = 0) : json_(&json), use_(use) {}

  bool IsLiteral() const { return literal_ != nullptr; }
  bool IsJson() const { return json_ != nullptr; }
  const Json* json() const { return json_; }
  int use() const { return use_; }
  bool IsNull() const { return kind() == Kind::kNull; }
  Kind kind() const;

  // kString, kEnum, kVariable, kBoolean: their text. kInt, kFloat: the digits as they were sent. Borrowed.
  std::string_view Text() const;

  // kList and kObject.
  std::size_t size() const;
  Input Item(std::size_t index) const;
  std::string_view MemberName(std::size_t index) const;
  Input MemberValue(std::size_t index) const;

  // "a string", "null" ...: completes "expected X, but found ...".
  std::string_view Describe() const;

 private:
  const language::Value* literal_ = nullptr;
  const Json* json_ = nullptr;
  int use_ = 0;
};

}  // namespace threefactor::validation
