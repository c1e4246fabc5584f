// The syntax tree of an executable GraphQL document, as plain data. Texts are views into the Document that owns the
// source, so a tree lives no longer than its Document. Offsets are bytes from the start of the source.
// Terms: GraphQL specification (September 2025), section 2.
#pragma once

#include <cstdint>
#include <forward_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace threefactor::language {

struct ObjectField;

struct Value {
  enum class Kind { kVariable, kInt, kFloat, kString, kBoolean, kNull, kEnum, kList, kObject };
  Kind kind = Kind::kNull;
  std::string_view text;  // a name without its $, a number's digits, a string's value, true or false
  std::uint32_t offset = 0;
  std::vector<Value> items;         // kList
  std::vector<ObjectField> fields;  // kObject, in source order, not checked for repeated names
};

struct ObjectField {
  std::string_view name;
  std::uint32_t offset = 0;
  Value value;
};

struct Argument {
  std::string_view name;
  std::uint32_t offset = 0;
  Value value;
};

struct Directive {
  std::string_view name;
  std::uint32_t offset = 0;  // of its @
  std::vector<Argument> arguments;
};

struct Selection {
  enum class Kind { kField, kFragmentSpread, kInlineFragment };
  Kind kind = Kind::kField;
  std::string_view alias;  // kField; empty: none
  std::string_view name;   // the field, the fragment spread, or the type condition of an inline fragment (empty: none)
  std::uint32_t offset = 0;
  std::uint32_t name_offset = 0;
  std::uint32_t selections_offset = 0;  // of the { of its selections, if any
  std::vector<Argument> arguments;      // kField
  std::vector<Directive> directives;
  std::vector<Selection> selections;  // empty for a leaf and for a spread

  std::string_view ResponseKey() const { return alias.empty() ? name : alias; }
};

// A reference to a type; wrappers outermost first, as in schema::TypeRef.
struct TypeReference {
  enum class Wrapper : std::uint8_t { kNonNull, kList };
  std::string_view name;
  std::uint32_t offset = 0;  // of its first [, if any
  std::uint32_t name_offset = 0;
  std::vector<Wrapper> wrappers;
};

struct VariableDefinition {
  std::string_view name;
  std::uint32_t offset = 0;  // of its $, or of the description before it
  std::uint32_t name_offset = 0;
  TypeReference type;
  std::optional<Value> default_value;
  std::vector<Directive> directives;
};

struct OperationDefinition {
  enum class Kind { kQuery, kMutation, kSubscription };
  Kind kind = Kind::kQuery;
  bool is_shorthand = false;  // a selection set alone, without `query`
  std::string_view name;      // empty: anonymous
  std::uint32_t offset = 0;   // of its description, if any
  std::uint32_t name_offset = 0;
  std::vector<VariableDefinition> variables;
  std::vector<Directive> directives;
  std::vector<Selection> selections;
};

struct FragmentDefinition {
  std::string_view name;
  std::string_view type_condition;
  std::uint32_t offset = 0;  // of its description, if any
  std::uint32_t name_offset = 0;
  std::uint32_t condition_offset = 0;
  std::vector<Directive> directives;
  std::vector<Selection> selections;
};

// A definition of the type system, which has no place in a request.
struct OtherDefinition {
  std::string_view name;  // or the keyword: schema, extend
  std::uint32_t offset = 0;
};

struct Document {
  // On the heap each, so that the views stay valid when the Document moves.
  std::unique_ptr<const std::string> source;
  std::forward_list<std::string> decoded_strings;  // strings whose value is not a piece of the source
  std::vector<OperationDefinition> operations;
  std::vector<FragmentDefinition> fragments;
  std::vector<OtherDefinition> others;  // Parse refuses them; the parser of type systems (test/validate) keeps them
};

}  // namespace threefactor::language
