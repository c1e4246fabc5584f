#include "validation/variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "error.hpp"

namespace threefactor::validation {

namespace {

using schema::TypeKind;
using schema::Wrapper;

schema::TypeRef Resolve(const schema::Schema& schema, const language::VariableDefinition& definition) {
  schema::TypeRef type;
  type.named = schema.FindType(definition.type.name);
  if (type.named == nullptr) {
    throw Error(code::kValidationFailed, fmt::format("no such type exists in the schema: '{}' (variable \"{}\")",
                                                     definition.type.name, definition.name));
  }
  if (type.named->kind == TypeKind::kObject) {
    throw Error(code::kValidationFailed, fmt::format("variable \"{}\" is declared as {}, which is not an input type",
                                                     definition.name, definition.type.name));
  }
  for (const auto wrapper : definition.type.wrappers) {
    type.wrappers.push_back(wrapper == language::TypeReference::Wrapper::kList ? Wrapper::kList : Wrapper::kNonNull);
  }
  return type;
}

// Both with outermost wrappers first. A non-null type fits where a nullable one is wanted, at any depth.
bool Fits(std::span<const Wrapper> variable, std::span<const Wrapper> location) {
  const auto take = [](std::span<const Wrapper>& wrappers, Wrapper wanted) {
    if (wrappers.empty() || wrappers.front() != wanted) return false;
    wrappers = wrappers.subspan(1);
    return true;
  };
  while (true) {
    const bool variable_non_null = take(variable, Wrapper::kNonNull);
    const bool location_non_null = take(location, Wrapper::kNonNull);
    if (location_non_null && !variable_non_null) return false;
    if (variable.empty() && location.empty()) return true;
    if (!take(variable, Wrapper::kList) || !take(location, Wrapper::kList)) return false;
  }
}

}  // namespace

Input Variable::Value() const {
  if (sent != nullptr) return Input(*sent, uses);
  return definition->default_value ? Input(*definition->default_value) : Input();
}

Variables::Variables(const schema::Schema& schema, const language::OperationDefinition& operation,
                     const rapidjson::Value* sent) {
  variables_.reserve(operation.variables.size());
  for (const language::VariableDefinition& definition : operation.variables) {
    if (!by_name_.emplace(definition.name, variables_.size()).second) {
      throw Error(code::kParseFailed, fmt::format("multiple definitions for variable \"{}\"", definition.name));
    }
    Variable& variable = variables_.emplace_back();
    variable.definition = &definition;
    variable.type = Resolve(schema, definition);
  }
  if (sent != nullptr && sent->IsObject()) {
    std::string unexpected;
    for (const auto& member : sent->GetObject()) {
      const std::string_view name(member.name.GetString(), member.name.GetStringLength());
      const auto found = by_name_.find(name);
      if (found != by_name_.end()) {
        variables_[found->second].sent = &member.value;
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
    throw Error(code::kValidationFailed, fmt::format("unbound variable \"{}\"", name));
  }
  Variable& variable = variables_[found->second];
  variable.uses++;
  return variable;
}

bool IsAllowed(const language::VariableDefinition& variable, const schema::TypeRef& type, const Place& place,
               bool place_has_default) {
  if (type.named != place.type->named) return false;
  const auto& default_value = variable.default_value;
  const bool has_default = place_has_default || (default_value && default_value->kind != language::Value::Kind::kNull);
  const Place wanted = has_default && !type.IsNonNull() ? place.Nullable() : place;
  return Fits(type.wrappers, std::span(place.type->wrappers).subspan(wanted.wrapper));
}

void CheckUsage(const Variable& variable, const Place& place, bool place_has_default, const std::string& path) {
  if (IsAllowed(*variable.definition, variable.type, place, place_has_default)) return;
  throw Error(code::kValidationFailed,
              fmt::format("variable \"{}\" is declared as {}, but used where {} is expected", variable.name(),
                          variable.type.ToString(), place.TypeText()),
              path);
}

}  // namespace threefactor::validation
