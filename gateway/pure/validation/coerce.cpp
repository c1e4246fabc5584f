#include "validation/coerce.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/characters.hpp"
#include "base/error.hpp"
#include "language/parser.hpp"
#include "validation/english.hpp"
#include "validation/geojson.hpp"
#include "validation/json_text.hpp"
#include "validation/rules.hpp"

namespace threefactor::validation {

namespace {

using schema::InputField;
using schema::InputKind;
using schema::TypeKind;
using schema::Wrapper;

// The scalar of "{a,b}": Postgres reads it, whatever the elements are.
constexpr std::string_view kArrayLiteral = "String";

bool IsJson(const schema::Type& type) {
  return type.name == "json" || type.name == "jsonb";
}

bool IsGeoJson(const schema::Type& type) {
  return type.name == "geometry" || type.name == "geography";
}

Form FormOf(const InputField& field) {
  switch (field.kind) {
    case InputKind::kSetColumn:
      return Form::kColumnValue;
    case InputKind::kOperator:
      return field.name == "_is_null" ? Form::kStrict : Form::kColumnValue;
    case InputKind::kArgument:
      if (field.name == "limit") return Form::kLimit;
      return field.name == "offset" ? Form::kOffset : Form::kStrict;
    default:
      return Form::kStrict;
  }
}

// Without it, a filter would let more rows pass.
bool Restricts(const InputField& field) {
  switch (field.kind) {
    case InputKind::kAnd:
    case InputKind::kOr:
    case InputKind::kNot:
    case InputKind::kCompareColumn:
    case InputKind::kCompareRows:
    case InputKind::kCompareAggregate:
    case InputKind::kOperator:
    case InputKind::kPredicate:
      return true;
    default:
      return false;
  }
}

const Entry* FindEntry(const std::vector<Entry>& entries, const InputField& field) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.field == &field; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

std::vector<Entry> Coercion::Arguments(const std::vector<InputField>& declared,
                                       const std::vector<language::Argument>& given, std::string_view owner) {
  std::vector<Entry> entries;
  const auto find = [&](std::string_view name) -> const InputField& {
    const auto found =
        std::find_if(declared.begin(), declared.end(), [&](const InputField& field) { return field.name == name; });
    if (found == declared.end()) {
      throw Error(code::kValidationFailed, rules::UnknownArgument(owner, name), path_.text());
    }
    return *found;
  };
  entries.reserve(given.size());
  for (const language::Argument& argument : given) {
    const InputField& field = find(argument.name);
    const auto args = path_.Key("args");
    const auto key = path_.Key(argument.name);
    if (FindEntry(entries, field) != nullptr) {
      throw Error(code::kValidationFailed, rules::RepeatedArgument(argument.name), path_.text());
    }
    if (auto value = Field(field, Input(argument.value), 0)) entries.push_back({&field, std::move(*value)});
  }
  const auto args = path_.Key("args");
  Complete(declared, entries, 0);
  return entries;
}

void Coercion::CheckUnusedVariables() {
  for (const Variable& variable : variables_.all()) {
    if (variable.uses > 0 || !variable.HasValue()) continue;
    const Input value = variable.Value();
    if (value.IsNull() && variable.definition->default_value) continue;
    Coerce({&variable.type, 0, Form::kColumnValue, true}, value, 0);
  }
}

std::optional<Value> Coercion::Field(const InputField& field, Input input, int depth) {
  const Place place{&field.type, 0, FormOf(field), field.takes_array};
  if (input.kind() == Input::Kind::kVariable) {
    const Variable& variable = variables_.Use(input.Text());
    CheckUsage(variable, place, field.default_value.has_value(), path_.text());
    if (!variable.HasValue()) {
      if (Restricts(field)) RefuseNull(place, Input());
      return std::nullopt;
    }
    input = variable.Value();
  }
  if (input.IsNull() && !field.type.IsNonNull()) {
    const bool sets_column = field.kind == InputKind::kSetColumn;
    if (Restricts(field) || (sets_column && field.column->not_null)) RefuseNull(place, input);
    if (!sets_column) return std::nullopt;
  }
  return Coerce(place, input, depth);
}

Value Coercion::Coerce(const Place& place, Input input, int depth) {
  if (depth > limits_.SafeDepth()) {
    throw Error(code::kValidationFailed, fmt::format("the value is nested deeper than {} levels", limits_.SafeDepth()),
                path_.text());
  }
  if (input.kind() == Input::Kind::kVariable) {
    const Variable& variable = variables_.Use(input.Text());
    CheckUsage(variable, place, false, path_.text());
    input = variable.Value();
  }
  const bool non_null = place.IsNonNull();
  const Place wanted = non_null ? place.Inner() : place;
  if (input.IsNull()) {
    if (non_null) RefuseNull(wanted, input);
    return Make(Value::Kind::kNull);
  }
  Value value = wanted.IsList() ? CoerceList(wanted, input, depth) : CoerceNamed(wanted, input, depth);
  value.origin = {input.json(), input.use(), wanted};
  return value;
}

Value Coercion::CoerceList(const Place& place, const Input& input, int depth) {
  const Place inner = place.Inner();
  const auto rest = place.type->wrappers.begin() + static_cast<std::ptrdiff_t>(inner.wrapper);
  const bool is_array = place.takes_array && place.form == Form::kColumnValue &&
                        std::find(rest, place.type->wrappers.end(), Wrapper::kList) == place.type->wrappers.end();
  if (is_array && input.kind() == Input::Kind::kString) {
    Value literal = Make(Value::Kind::kScalar);
    literal.text = CoerceScalar(kArrayLiteral, input, place.form, path_.text());
    return literal;
  }
  Value list = Make(Value::Kind::kList);
  const auto add = [&](const Input& item, std::size_t position) {
    const auto index = path_.Index(position);
    // What a Postgres array holds besides what its type in the API says: NULL, and further dimensions.
    if (is_array && item.IsNull()) {
      list.items.push_back(Make(Value::Kind::kNull));
    } else if (is_array && item.kind() == Input::Kind::kList && depth < limits_.SafeDepth()) {
      list.items.push_back(CoerceList(place, item, depth + 1));
    } else {
      list.items.push_back(Coerce(inner, item, depth + 1));
    }
  };
  if (input.kind() != Input::Kind::kList) {
    add(input, 0);
    return list;
  }
  list.items.reserve(input.size());
  for (std::size_t i = 0; i < input.size(); ++i) add(input.Item(i), i);
  return list;
}

Value Coercion::CoerceNamed(const Place& place, const Input& input, int depth) {
  const schema::Type& type = *place.type->named;
  if (type.kind == TypeKind::kInputObject) return CoerceObject(type, input, depth);
  if (type.kind == TypeKind::kEnum) return CoerceEnum(type, input);
  Value value = Make(Value::Kind::kScalar);
  value.text = IsJson(type) || IsGeoJson(type) ? JsonText(input, variables_)
                                               : CoerceScalar(type.name, input, place.form, path_.text());
  if (IsGeoJson(type)) value.text = ReadGeoJson(std::move(value.text), path_.text());
  return value;
}

Value Coercion::CoerceEnum(const schema::Type& type, const Input& input) const {
  const auto wanted = input.IsLiteral() ? Input::Kind::kEnum : Input::Kind::kString;
  if (input.kind() != wanted) ThrowTypeMismatch("an enum value", type.name, input, path_.text());
  Value value = Make(Value::Kind::kEnum);
  value.enum_value = type.FindValue(input.Text());
  if (value.enum_value == nullptr) {
    std::vector<std::pair<std::size_t, std::string_view>> known;
    for (const schema::EnumValue& each : type.values) known.emplace_back(each.position, each.name);
    std::sort(known.begin(), known.end());
    std::vector<std::string_view> names;
    names.reserve(known.size());
    for (const auto& [position, name] : known) names.push_back(name);
    throw Error(code::kValidationFailed,
                fmt::format("expected one of the values {} for type \"{}\", but found \"{}\"", EnglishList("or", names),
                            type.name, input.Text()),
                path_.text());
  }
  return value;
}

Value Coercion::CoerceObject(const schema::Type& type, const Input& input, int depth) {
  if (input.kind() != Input::Kind::kObject) ThrowTypeMismatch("an object", type.name, input, path_.text());
  Value object = Make(Value::Kind::kObject);
  object.entries.reserve(input.size());
  for (std::size_t i = 0; i < input.size(); ++i) {
    const std::string_view name = input.MemberName(i);
    if (!IsName(name)) {
      throw Error(
          code::kValidationFailed,
          fmt::format("variable value contains object with key \"{}\", which is not a legal GraphQL name", name),
          path_.text());
    }
    const auto key = path_.Key(name);
    const InputField* field = type.FindInputField(name);
    if (field == nullptr) {
      throw Error(code::kValidationFailed, rules::UnknownField(name, type), path_.text());
    }
    if (FindEntry(object.entries, *field) != nullptr) {
      throw Error(code::kValidationFailed, rules::RepeatedInputField(name), path_.text());
    }
    if (auto value = Field(*field, input.MemberValue(i), depth + 1)) {
      object.entries.push_back({field, std::move(*value)});
    }
  }
  Complete(type.input_fields, object.entries, depth + 1);
  return object;
}

void Coercion::Complete(const std::vector<InputField>& declared, std::vector<Entry>& entries, int depth) {
  for (const InputField& field : declared) {
    if (!field.default_value && !field.type.IsNonNull()) continue;
    if (FindEntry(entries, field) != nullptr) continue;
    const auto key = path_.Key(field.name);
    if (!field.default_value) {
      throw Error(code::kValidationFailed, rules::MissingField(field.name), path_.text());
    }
    entries.push_back({&field, Default(field, depth)});
  }
}

Value Coercion::Default(const InputField& field, int depth) {
  const language::ConstantValue constant = language::ParseConstantValue(*field.default_value, limits_);
  return Coerce({&field.type, 0, Form::kStrict, false}, Input(constant.value), depth);
}

Value Coercion::Make(Value::Kind kind) const {
  Value value;
  value.kind = kind;
  value.path = path_.text();
  return value;
}

void Coercion::RefuseNull(const Place& place, const Input& input) const {
  const schema::Type& type = *place.type->named;
  if (place.IsList() && !place.takes_array) {
    throw Error(code::kValidationFailed, "expected a list, but found null", path_.text());
  }
  if (type.kind == TypeKind::kInputObject) ThrowTypeMismatch("an object", type.name, input, path_.text());
  if (type.kind == TypeKind::kEnum) ThrowTypeMismatch("an enum value", type.name, input, path_.text());
  if (place.form == Form::kStrict) CoerceScalar(type.name, input, place.form, path_.text());
  ThrowUnexpectedNull(type.name, path_.text());
}

}  // namespace threefactor::validation
