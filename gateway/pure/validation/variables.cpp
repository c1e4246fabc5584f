#include "validation/variables.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "validation/rules.hpp"

namespace threefactor::validation {

namespace {

using schema::Wrapper;

schema::TypeRef Resolve(const schema::Schema& schema, const language::VariableDefinition& definition) {
  schema::TypeRef type;
  type.named = schema.FindType(definition.type.name);
  if (type.named == nullptr) {
    throw Error(code::kValidationFailed,
                fmt::format("{} (variable \"{}\")", rules::UnknownType(definition.type.name), definition.name));
  }
  if (auto mistake = rules::VariableTypeMistake(definition, *type.named)) {
    throw Error(code::kValidationFailed, *std::move(mistake));
  }
  for (const auto wrapper : definition.type.wrappers) {
    type.wrappers.push_back(wrapper == language::TypeReference::Wrapper::kList ? Wrapper::kList : Wrapper::kNonNull);
  }
  return type;
}

}  // namespace

Input Variable::Value() const {
  if (sent != nullptr) return Input(*sent, uses);
  return definition->default_value ? Input(*definition->default_value) : Input();
}

Variables::Variables(const schema::Schema& schema, const language::OperationDefinition& operation, const Json* sent) {
  variables_.reserve(operation.variables.size());
  for (const language::VariableDefinition& definition : operation.variables) {
    if (!by_name_.emplace(definition.name, variables_.size()).second) {
      throw Error(code::kParseFailed, rules::RepeatedVariable(definition.name));
    }
    Variable& variable = variables_.emplace_back();
    variable.definition = &definition;
    variable.type = Resolve(schema, definition);
  }
  if (sent != nullptr && sent->IsObject()) {
    std::string unexpected;
    for (const auto& [key, value] : sent->Members()) {
      const std::string_view name = key.Text();
      const auto found = by_name_.find(name);
      if (found != by_name_.end()) {
        variables_[found->second].sent = &value;
      } else {
        unexpected.append(unexpected.empty() ? "" : ", ").append(name);
      }
    }
    if (!unexpected.empty()) {
      throw Error(code::kValidationFailed, "unexpected variables in variableValues: " + unexpected);
    }
  }
  for (const Variable& variable : variables_) {
    if (variable.HasValue() || !variable.type.IsNonNull()) continue;
    throw Error(code::kValidationFailed,
                fmt::format("expecting a value for non-nullable variable: \"{}\"", variable.name()));
  }
}

const Variable& Variables::Use(std::string_view name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) {
    throw Error(code::kValidationFailed, rules::UnboundVariable(name));
  }
  Variable& variable = variables_[found->second];
  variable.uses++;
  return variable;
}

void CheckUsage(const Variable& variable, const Place& place, bool place_has_default, const std::string& path) {
  auto mistake = rules::VariableUseMistake(*variable.definition, variable.type, place, place_has_default,
                                           rules::NullItems::kInValues);
  if (mistake) throw Error(code::kValidationFailed, *std::move(mistake), path);
}

}  // namespace threefactor::validation
