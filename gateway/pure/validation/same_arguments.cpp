#include "validation/same_arguments.hpp"

#include <algorithm>

namespace threefactor::validation {

namespace {

bool SameValue(const language::Value& left, const language::Value& right);

// For lists of arguments and of object fields: things with a name and a value.
template <typename Named>
bool SameNamed(const std::vector<Named>& left, const std::vector<Named>& right) {
  if (left.size() != right.size()) return false;
  const auto sorted = [](const std::vector<Named>& list) {
    std::vector<const Named*> pointers;
    pointers.reserve(list.size());
    for (const Named& element : list) pointers.push_back(&element);
    std::stable_sort(pointers.begin(), pointers.end(),
                     [](const Named* a, const Named* b) { return a->name < b->name; });
    return pointers;
  };
  const auto sorted_left = sorted(left);
  const auto sorted_right = sorted(right);
  return std::equal(sorted_left.begin(), sorted_left.end(), sorted_right.begin(),
                    [](const Named* a, const Named* b) { return a->name == b->name && SameValue(a->value, b->value); });
}

// Recursion as deep as the document nests, which the parser bounds.
bool SameValue(const language::Value& left, const language::Value& right) {
  if (left.kind != right.kind) return false;
  if (left.kind == language::Value::Kind::kList) {
    return std::equal(left.items.begin(), left.items.end(), right.items.begin(), right.items.end(), SameValue);
  }
  if (left.kind == language::Value::Kind::kObject) return SameNamed(left.fields, right.fields);
  return left.text == right.text;
}

}  // namespace

bool SameArguments(const std::vector<language::Argument>& left, const std::vector<language::Argument>& right) {
  return (left.empty() && right.empty()) || SameNamed(left, right);
}

}  // namespace threefactor::validation
