#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_set>

#include "validation/decimal.hpp"
#include "validation/input.hpp"
#include "validation/rules.hpp"

namespace threefactor::validation::rules {

namespace {

using Kind = language::Value::Kind;
using schema::TypeKind;

bool IsInt(const language::Value& value) {
  if (value.kind != Kind::kInt) return false;
  const auto number = IntegerFromDecimal(value.text);
  return number && *number >= std::numeric_limits<std::int32_t>::min() &&
         *number <= std::numeric_limits<std::int32_t>::max();
}

// GraphQL specification, "Scalars": the scalars that every schema has; what others take is theirs to say.
bool FitsScalar(std::string_view scalar, const language::Value& value) {
  if (scalar == "Int") return IsInt(value);
  if (scalar == "Float") return value.kind == Kind::kInt || value.kind == Kind::kFloat;
  if (scalar == "String") return value.kind == Kind::kString;
  if (scalar == "Boolean") return value.kind == Kind::kBoolean;
  if (scalar == "ID") return value.kind == Kind::kString || value.kind == Kind::kInt;
  return true;
}

bool FitsLeaf(const schema::Type& type, const language::Value& value) {
  if (type.kind == TypeKind::kEnum) return value.kind == Kind::kEnum && type.FindValue(value.text) != nullptr;
  return type.kind == TypeKind::kScalar && FitsScalar(type.name, value);
}

class Checker {
 public:
  explicit Checker(Report& report) : report_(report) {}

  // Recursion as deep as the document nests, which its parser bounds.
  void Check(const language::Value& value, const Place& place) {
    switch (value.kind) {
      case Kind::kVariable:
        return;  // VariablesInAllowedPosition
      case Kind::kNull:
        if (place.IsNonNull()) Refuse(value, place);
        return;
      case Kind::kList:
        if (!place.Nullable().IsList()) {
          CheckLeaf(value, place);
        } else {
          for (const language::Value& item : value.items) Check(item, place.Item());
        }
        return;
      case Kind::kObject:
        if (place.type->named->kind != TypeKind::kInputObject) {
          CheckLeaf(value, place);
        } else {
          CheckObject(value, *place.type->named);
        }
        return;
      default:
        CheckLeaf(value, place);
    }
  }

 private:
  void CheckLeaf(const language::Value& value, const Place& place) {
    if (!FitsLeaf(*place.type->named, value)) Refuse(value, place);
  }

  void CheckObject(const language::Value& object, const schema::Type& type) {
    std::unordered_set<std::string_view> given;
    for (const language::ObjectField& field : object.fields) given.insert(field.name);
    for (const schema::InputField& declared : type.input_fields) {
      if (!declared.type.IsNonNull() || declared.default_value || given.contains(declared.name)) continue;
      report_.Add(MissingField(declared.name), {object.offset});
    }
    if (type.is_one_of) {
      if (given.size() != 1) {
        report_.Add(fmt::format("exactly one field has to be given for type \"{}\"", type.name), {object.offset});
      } else if (object.fields.back().value.kind == Kind::kNull) {
        report_.Add(fmt::format("unexpected null value for the only field of type \"{}\"", type.name), {object.offset});
      }
    }
    for (const language::ObjectField& field : object.fields) {
      const schema::InputField* declared = type.FindInputField(field.name);
      if (declared == nullptr) {
        report_.Add(UnknownField(field.name, type), {field.offset});
      } else {
        Check(field.value, {&declared->type});
      }
    }
  }

  void Refuse(const language::Value& value, const Place& place) {
    report_.Add(fmt::format("expected a value of type \"{}\", but found {}", place.TypeText(), Input(value).Describe()),
                {value.offset});
  }

  Report& report_;
};

}  // namespace

// Sections 5.6.1, 5.6.2 and 5.6.4.
void ValuesOfCorrectType(const DocumentFacts& facts, Report& report) {
  for (const ValueFact& value : facts.values) {
    if (value.place.type != nullptr) Checker(report).Check(*value.syntax, value.place);
  }
}

}  // namespace threefactor::validation::rules
