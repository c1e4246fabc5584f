#include "schema/type_system.hpp"

#include <algorithm>

namespace threefactor::schema {

namespace {

// Binary search by name: the builder leaves every list sorted.
template <typename Named>
const Named* FindByName(const std::vector<Named>& sorted, std::string_view name) {
  const auto found =
      std::lower_bound(sorted.begin(), sorted.end(), name,
                       [](const Named& element, std::string_view wanted) { return element.name < wanted; });
  return found != sorted.end() && found->name == name ? &*found : nullptr;
}

}  // namespace

std::string TypeRef::ToString() const {
  std::string text = named->name;
  for (auto wrapper = wrappers.rbegin(); wrapper != wrappers.rend(); ++wrapper) {
    if (*wrapper == Wrapper::kNonNull) {
      text.push_back('!');
    } else {
      text.insert(text.begin(), '[');
      text.push_back(']');
    }
  }
  return text;
}

const InputField* Field::FindArgument(std::string_view argument_name) const {
  return FindByName(arguments, argument_name);
}

const Field* Type::FindField(std::string_view field_name) const {
  return FindByName(fields, field_name);
}

const InputField* Type::FindInputField(std::string_view field_name) const {
  return FindByName(input_fields, field_name);
}

const EnumValue* Type::FindValue(std::string_view value_name) const {
  return FindByName(values, value_name);
}

const Type* Schema::FindType(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

const Directive* Schema::FindDirective(std::string_view name) const {
  return FindByName(directives_, name);
}

const Field* Schema::FindField(const Type& parent, std::string_view name) const {
  if (const Field* field = parent.FindField(name)) return field;
  if (name == typename_field_.name) return &typename_field_;
  return &parent == query_ ? FindRootMetaField(name) : nullptr;
}

bool Schema::Overlap(const Type& left, const Type& right) const {
  if (&left == &right) return true;
  const auto possible = [this](const Type& type) -> std::vector<const Type*> {
    const auto found = possible_types_.find(&type);
    return found == possible_types_.end() ? std::vector<const Type*>{&type} : found->second;
  };
  const std::vector<const Type*> lefts = possible(left);
  const std::vector<const Type*> rights = possible(right);
  return std::find_first_of(lefts.begin(), lefts.end(), rights.begin(), rights.end()) != lefts.end();
}

const Field* Schema::FindRootMetaField(std::string_view name) const {
  if (name == schema_field_.name) return &schema_field_;
  if (name == type_field_.name) return &type_field_;
  return nullptr;
}

}  // namespace threefactor::schema
