#include "type_system_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "schema/build/builder.hpp"

namespace threefactor::validate {

namespace {

using schema::Type;
using schema::TypeKind;

// GraphQL specification (September 2025), section 3.13.
constexpr std::string_view kStandardDirectives = R"(
  directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
  directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
  directive @deprecated(reason: String! = "No longer supported")
    on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
  directive @specifiedBy(url: String!) on SCALAR
  directive @oneOf on INPUT_OBJECT
)";

TypeKind KindOf(std::string_view keyword) {
  if (keyword == "type") return TypeKind::kObject;
  if (keyword == "interface") return TypeKind::kInterface;
  if (keyword == "union") return TypeKind::kUnion;
  if (keyword == "enum") return TypeKind::kEnum;
  return keyword == "input" ? TypeKind::kInputObject : TypeKind::kScalar;
}

class Builder : private schema::SchemaBuilder {
 public:
  Builder() : SchemaBuilder(std::make_shared<schema::Catalog>()) {}

  std::shared_ptr<const schema::Schema> Build(const TypeSystemDocument& document) {
    BuildIntrospection();
    for (const char* scalar : {"Int", "Float", "String", "Boolean", "ID"}) Scalar(scalar);
    for (const TypeDefinition& definition : document.types) {
      if (definition.is_extension) continue;
      const bool is_known_scalar = Find(definition.name) != nullptr && definition.keyword == "scalar";
      if (is_known_scalar) continue;
      if (Find(definition.name) != nullptr) {
        throw std::runtime_error(fmt::format("type \"{}\" is defined twice", definition.name));
      }
      Declare(KindOf(definition.keyword), std::string(definition.name), "");
    }
    for (const TypeDefinition& definition : document.types) Fill(definition);
    FillDirectives(document);
    FillRoots(document);
    Finish();
    return schema_;
  }

 private:
  Type& Get(std::string_view name) {
    Type* type = Find(name);
    if (type == nullptr) throw std::runtime_error(fmt::format("type \"{}\" is not defined", name));
    return *type;
  }

  schema::TypeRef RefOf(const language::TypeReference& reference) {
    schema::TypeRef type{&Get(reference.name), {}};
    for (const auto wrapper : reference.wrappers) {
      type.wrappers.push_back(wrapper == language::TypeReference::Wrapper::kList ? schema::Wrapper::kList
                                                                                 : schema::Wrapper::kNonNull);
    }
    return type;
  }

  void Fill(const TypeDefinition& definition) {
    Type& type = Get(definition.name);
    type.is_one_of = type.is_one_of || definition.is_one_of;
    for (const FieldDefinition& definition_of_field : definition.fields) {
      schema::Field& field = type.fields.emplace_back();
      field.name = definition_of_field.name;
      field.type = RefOf(definition_of_field.type);
      field.arguments = InputsOf(definition_of_field.arguments);
    }
    for (schema::InputField& field : InputsOf(definition.input_fields)) type.input_fields.push_back(std::move(field));
    for (const std::string_view name : definition.interfaces) {
      const Type& interface = Get(name);
      if (type.kind == TypeKind::kObject) AddPossibleType(interface, type);
    }
    for (const std::string_view name : definition.members) {
      if (type.kind == TypeKind::kUnion) {
        AddPossibleType(type, Get(name));
      } else {
        type.values.push_back({std::string(name), "", nullptr});
      }
    }
  }

  std::vector<schema::InputField> InputsOf(const std::vector<InputValueDefinition>& definitions) {
    std::vector<schema::InputField> inputs;
    for (const InputValueDefinition& definition : definitions) {
      schema::InputField& input = inputs.emplace_back();
      input.name = definition.name;
      input.type = RefOf(definition.type);
      if (!definition.default_value.empty()) input.default_value = std::string(definition.default_value);
    }
    return inputs;
  }

  void FillDirectives(const TypeSystemDocument& document) {
    const TypeSystemDocument standard = ParseTypeSystem(kStandardDirectives, {});
    for (const DirectiveDefinition& directive : document.directives) AddDirectiveOf(directive);
    for (const DirectiveDefinition& directive : standard.directives) {
      const bool is_redefined =
          std::any_of(document.directives.begin(), document.directives.end(),
                      [&](const DirectiveDefinition& other) { return other.name == directive.name; });
      if (!is_redefined) AddDirectiveOf(directive);
    }
  }

  void AddDirectiveOf(const DirectiveDefinition& definition) {
    schema::Directive directive;
    directive.name = definition.name;
    directive.locations.assign(definition.locations.begin(), definition.locations.end());
    directive.arguments = InputsOf(definition.arguments);
    directive.is_repeatable = definition.is_repeatable;
    AddDirective(std::move(directive));
  }

  void FillRoots(const TypeSystemDocument& document) {
    const auto root = [&](std::string_view operation, std::string_view default_name) -> const Type* {
      for (const RootDefinition& definition : document.roots) {
        if (definition.operation == operation) return &Get(definition.type);
      }
      return document.has_schema ? nullptr : Find(default_name);
    };
    SetRoots(root("query", "Query"), root("mutation", "Mutation"), root("subscription", "Subscription"));
  }
};

}  // namespace

std::shared_ptr<const schema::Schema> BuildTypeSystem(const TypeSystemDocument& document) {
  return Builder().Build(document);
}

}  // namespace threefactor::validate
