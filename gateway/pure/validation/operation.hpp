// A validated operation: what the plan stage consumes. Fragments are inlined and merged, @skip and @include applied,
// variables replaced by their values, every value coerced to the type that its place wants. Plain data.
// Points into the Schema it was validated against, which must outlive it; owns everything else.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "schema/type_system.hpp"
#include "validation/place.hpp"

namespace threefactor::validation {

struct Entry;

// Where a value was read from, when it is a variable's or a part of one. Borrows from the request and the schema.
struct Origin {
  const Json* sent = nullptr;  // null: a literal, a default
  int use = 0;                 // the how-manieth use of the variable
  Place place;
};

struct Value {
  enum class Kind {
    kNull,
    kScalar,  // text is what Postgres gets as the parameter's text: a string's content, a number's digits,
              // true or false, JSON text for json and jsonb; for an array also the literal "{a,b}" as it was sent
    kEnum,    // enum_value is set
    kList,
    kObject,
  };
  Kind kind = Kind::kNull;
  std::string text;
  const schema::EnumValue* enum_value = nullptr;
  std::vector<Value> items;
  std::vector<Entry> entries;  // in the order given
  std::string path;            // JSONPath of the value in the request, for errors of later stages
  Origin origin;

  bool IsNull() const { return kind == Kind::kNull; }
  bool IsTrue() const { return kind == Kind::kScalar && text == "true"; }
};

// One field of an input object, or one argument. Absent ones have no entry; defaults are filled in.
struct Entry {
  const schema::InputField* field = nullptr;
  Value value;
};

struct Selection {
  std::string response_key;  // alias, or the field's name
  const schema::Field* field = nullptr;
  const schema::Type* parent = nullptr;  // the object type it is selected on: its name answers __typename
  std::vector<Entry> arguments;
  std::vector<Selection> selections;  // in response order
  std::string path;                   // "$.selectionSet.orders.selectionSet.items"

  const Value* FindArgument(std::string_view name) const;  // null: absent
};

struct VariableUse {
  const Json* sent = nullptr;
  int uses = 0;
};

struct Operation {
  enum class Kind { kQuery, kMutation, kSubscription };
  Kind kind = Kind::kQuery;
  std::string name;
  std::vector<Selection> selections;
  std::vector<VariableUse> variables;  // those that were sent
};

}  // namespace threefactor::validation
