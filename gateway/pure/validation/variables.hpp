// The variables of one operation: what is declared, what was sent, and which value holds where one is used
// (GraphQL specification, sections 5.8 and 6.1.2; gateway/dialect/documents.md, "Variables").
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "language/ast.hpp"
#include "schema/type_system.hpp"
#include "validation/input.hpp"
#include "validation/place.hpp"

namespace threefactor::validation {

struct Variable {
  const language::VariableDefinition* definition = nullptr;
  schema::TypeRef type;
  const Json* sent = nullptr;  // null: the request does not mention it
  int uses = 0;

  std::string_view name() const { return definition->name; }
  bool HasValue() const { return sent != nullptr || definition->default_value.has_value(); }
  // What was sent, else the default, else null.
  Input Value() const;
};

class Variables {
 public:
  Variables() = default;
  // `sent` is null or an object; it and `operation` must outlive this. Throws Error on a variable that is declared
  // twice, of no input type, required but absent, or sent but not declared.
  Variables(const schema::Schema& schema, const language::OperationDefinition& operation, const Json* sent);

  // Marks it as used. Throws Error when it is not declared.
  const Variable& Use(std::string_view name);

  const std::vector<Variable>& all() const { return variables_; }

 private:
  std::vector<Variable> variables_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
};

// Throws Error at `path` when a variable may not stand at a place (GraphQL specification, section 5.8.5, but for null
// items of lists, which coercion refuses).
void CheckUsage(const Variable& variable, const Place& place, bool place_has_default, const std::string& path);

}  // namespace threefactor::validation
