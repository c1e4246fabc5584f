#include "schema/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace threefactor::schema {

namespace {

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// As a block string, which ends at its first three quotes; its lines have the indentation.
void AppendDescription(std::string& text, std::string_view description, std::string_view indentation) {
  if (description.empty()) return;
  text.append(indentation).append("\"\"\"\n").append(indentation);
  for (std::size_t i = 0; i < description.size(); ++i) {
    if (description.substr(i).starts_with("\"\"\"")) text.push_back('\\');
    if (description.substr(i).starts_with("\"\"\"")) {
      text.append("\"\"\"");
      i += 2;
      continue;
    }
    text.push_back(description[i]);
    if (description[i] == '\n') text.append(indentation);
  }
  text.append("\n").append(indentation).append("\"\"\"\n");
}

std::string InputText(const InputField& input) {
  return fmt::format("{}: {}{}", input.name, input.type.ToString(),
                     input.default_value ? " = " + *input.default_value : std::string());
}

// On one line, unless one of them has a description.
void AppendArguments(std::string& text, const std::vector<InputField>& arguments, std::string_view indentation) {
  if (arguments.empty()) return;
  const bool has_descriptions = std::any_of(arguments.begin(), arguments.end(),
                                            [](const InputField& argument) { return !argument.description.empty(); });
  text.push_back('(');
  for (const InputField& argument : arguments) {
    if (has_descriptions) {
      const std::string inner = std::string(indentation) + "  ";
      text.push_back('\n');
      AppendDescription(text, argument.description, inner);
      text.append(inner);
    } else if (&argument != &arguments.front()) {
      text.append(", ");
    }
    text.append(InputText(argument));
  }
  if (has_descriptions) text.append("\n").append(indentation);
  text.push_back(')');
}

void AppendType(std::string& text, const Type& type) {
  AppendDescription(text, type.description, "");
  switch (type.kind) {
    case TypeKind::kScalar:
      text.append(fmt::format("scalar {}\n\n", type.name));
      return;
    case TypeKind::kUnion:
      text.append(fmt::format("union {}\n\n", type.name));  // no catalog makes one
      return;
    case TypeKind::kEnum:
      text.append(fmt::format("enum {} {{\n", type.name));
      for (const EnumValue& value : type.values) {
        AppendDescription(text, value.description, "  ");
        text.append(fmt::format("  {}\n", value.name));
      }
      break;
    case TypeKind::kInputObject:
      text.append(fmt::format("input {}{} {{\n", type.name, type.is_one_of ? " @oneOf" : ""));
      for (const InputField& field : type.input_fields) {
        AppendDescription(text, field.description, "  ");
        text.append(fmt::format("  {}\n", InputText(field)));
      }
      break;
    case TypeKind::kObject:
    case TypeKind::kInterface:
      text.append(fmt::format("{} {} {{\n", type.kind == TypeKind::kObject ? "type" : "interface", type.name));
      for (const Field& field : type.fields) {
        AppendDescription(text, field.description, "  ");
        text.append(fmt::format("  {}", field.name));
        AppendArguments(text, field.arguments, "  ");
        text.append(fmt::format(": {}\n", field.type.ToString()));
      }
      break;
  }
  text.append("}\n\n");
}

void AppendDirective(std::string& text, const Directive& directive) {
  AppendDescription(text, directive.description, "");
  text.append(fmt::format("directive @{}", directive.name));
  AppendArguments(text, directive.arguments, "");
  if (directive.is_repeatable) text.append(" repeatable");
  text.append(" on ");
  for (const std::string& location : directive.locations) {
    if (&location != &directive.locations.front()) text.append(" | ");
    text.append(location);
  }
  text.append("\n\n");
}

}  // namespace

std::string PrintSchema(const Schema& schema) {
  std::string text = fmt::format("schema {{\n  query: {}\n", schema.query()->name);
  if (schema.mutation() != nullptr) text.append(fmt::format("  mutation: {}\n", schema.mutation()->name));
  if (schema.subscription() != nullptr) text.append(fmt::format("  subscription: {}\n", schema.subscription()->name));
  text.append("}\n\n");
  for (const Directive& directive : schema.directives())
    if (!IsOneOf(directive.name, {"include", "skip", "deprecated", "specifiedBy", "oneOf"}))
      AppendDirective(text, directive);
  for (const auto& [name, type] : schema.types())
    if (!name.starts_with("__") && !IsOneOf(name, {"Boolean", "Float", "ID", "Int", "String"})) AppendType(text, *type);
  text.pop_back();  // one line end at the end
  return text;
}

}  // namespace threefactor::schema
