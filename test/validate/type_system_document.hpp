// The syntax tree of a type system document (GraphQL specification, section 3), and its parser. A document to be
// validated is read by it too: a definition of a type in there is a mistake that a rule finds.
#pragma once

#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "language/ast.hpp"

namespace threefactor::validate {

struct InputValueDefinition {
  std::string_view name;
  language::TypeReference type;
  std::string_view default_value;  // its text; empty: none
};

struct FieldDefinition {
  std::string_view name;
  std::vector<InputValueDefinition> arguments;
  language::TypeReference type;
};

struct TypeDefinition {
  std::string_view keyword;  // scalar, type, interface, union, enum, input
  bool is_extension = false;
  bool is_one_of = false;
  std::string_view name;
  std::vector<std::string_view> interfaces;
  std::vector<FieldDefinition> fields;
  std::vector<InputValueDefinition> input_fields;
  std::vector<std::string_view> members;  // of a union; values of an enum
};

struct DirectiveDefinition {
  std::string_view name;
  std::vector<InputValueDefinition> arguments;
  bool is_repeatable = false;
  std::vector<std::string_view> locations;
};

struct RootDefinition {
  std::string_view operation;  // query, mutation, subscription
  std::string_view type;
};

struct TypeSystemDocument {
  language::Document executable;  // operations and fragments; owns the source. `others` lists what follows
  std::vector<TypeDefinition> types;
  std::vector<DirectiveDefinition> directives;
  std::vector<RootDefinition> roots;
  bool has_schema = false;  // `schema { }`, so that no root has its default name
};

// Copies `text`. Throws Error: a syntax error, or a limit that was exceeded.
TypeSystemDocument ParseTypeSystem(std::string_view text, const Limits& limits);

}  // namespace threefactor::validate
