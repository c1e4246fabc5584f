// A document beside the types of a schema, as flat lists: one walk, after which every rule (rules.hpp) reads only the
// lists that concern it. Plain data. Everything is borrowed from the document and the schema, which must outlive it.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "language/ast.hpp"
#include "schema/type_system.hpp"
#include "validation/place.hpp"

namespace threefactor::validation {

// Null types, fields and places: the schema does not have what the document names.

struct FieldFact {
  const language::Selection* syntax = nullptr;
  const schema::Type* parent = nullptr;
  const schema::Field* field = nullptr;
};

// Where a fragment is put in, by a spread or inline.
struct FragmentFact {
  const language::Selection* syntax = nullptr;
  const schema::Type* parent = nullptr;
  const schema::Type* condition = nullptr;                   // of the fragment
  const language::FragmentDefinition* definition = nullptr;  // of a spread
};

struct SelectionSetFact {
  const std::vector<language::Selection>* selections = nullptr;
  const schema::Type* parent = nullptr;
};

struct DirectivesFact {
  const std::vector<language::Directive>* list = nullptr;
  std::string_view location;  // the specification's name for it: "FIELD", "QUERY" ...
};

// The arguments of a field or directive, also when there are none.
struct ArgumentsFact {
  const std::vector<language::Argument>* given = nullptr;
  const std::vector<schema::InputField>* declared = nullptr;
  std::string_view owner;
  std::uint32_t owner_offset = 0;
};

// A whole value: of an argument, or the default of a variable.
struct ValueFact {
  const language::Value* syntax = nullptr;
  Place place;
};

struct VariableMention {
  const language::Value* syntax = nullptr;
  Place place;
  bool place_has_default = false;
  const schema::Type* one_of = nullptr;  // the input object that takes exactly one member, if it is that member
};

struct VariableFact {
  const language::VariableDefinition* syntax = nullptr;
  schema::TypeRef type;
};

// An operation or a fragment, and what lies in it (not in the fragments that it spreads).
struct DefinitionFact {
  const language::OperationDefinition* operation = nullptr;
  const language::FragmentDefinition* fragment = nullptr;
  const schema::Type* type = nullptr;  // composite
  std::vector<VariableFact> variables;
  std::vector<VariableMention> mentions;
  std::vector<const language::Selection*> spreads;
};

struct DocumentFacts {
  const schema::Schema* schema = nullptr;
  const language::Document* document = nullptr;
  std::deque<DefinitionFact> definitions;                                 // in the order of the document
  std::unordered_map<std::string_view, const DefinitionFact*> fragments;  // of several with one name, the last
  std::vector<SelectionSetFact> selection_sets;                           // those of inline fragments left out
  std::vector<FieldFact> fields;
  std::vector<FragmentFact> inserted_fragments;
  std::vector<DirectivesFact> directives;
  std::vector<ArgumentsFact> arguments;
  std::vector<ValueFact> values;

  const DefinitionFact* FindFragment(std::string_view name) const;  // null: none
};

// Pure; safe on any thread. The stack needed is bounded by the nesting of the document, which its parser limits.
DocumentFacts GatherFacts(const schema::Schema& schema, const language::Document& document);

// Calls `visit` for the definition and for each fragment that it reaches, once each.
void ForEachReached(const DocumentFacts& facts, const DefinitionFact& from,
                    const std::function<void(const DefinitionFact&)>& visit);

}  // namespace threefactor::validation
