// Calls of functions (gateway/dialect/functions.md). Arguments are passed by position up to the first that is left to
// its default, by name from there on.
#include <algorithm>

#include "base/error.hpp"
#include "plan/planner.hpp"
#include "plan/value.hpp"

namespace threefactor::plan {

namespace {

using validation::Entry;

const validation::Value* FindValue(const validation::Value* given, std::string_view name) {
  if (given == nullptr) return nullptr;
  const auto found = std::find_if(given->entries.begin(), given->entries.end(),
                                  [&](const Entry& entry) { return entry.field->name == name; });
  return found == given->entries.end() ? nullptr : &found->value;
}

// `given`: the object `args`, or null.
Call MakeCall(const schema::Function& function, const validation::Value* given, const std::string& path) {
  Call call;
  call.function = &function;
  bool is_named = false;
  for (const schema::FunctionArgument& argument : function.arguments) {
    Call::Argument passed{&argument, std::nullopt, is_named};
    if (argument.role == schema::FunctionArgument::Role::kValue) {
      const validation::Value* value = FindValue(given, argument.name);
      if (value == nullptr) {
        if (!argument.has_default) {
          throw Error(code::kNotSupported, "Non default arguments cannot be omitted", path);
        }
        is_named = true;
        continue;
      }
      passed.value = TextOf(*value);
    }
    if (is_named && !argument.is_named) {
      throw Error(code::kNotSupported, "Only last set of positional arguments can be omitted", path);
    }
    call.arguments.push_back(std::move(passed));
  }
  return call;
}

}  // namespace

Call PlanCall(const validation::Selection& field) {
  return MakeCall(*field.field->function, field.FindArgument("args"), field.path + ".args.args");
}

Call PlanCall(const schema::ComputedField& field) {
  return MakeCall(field.function, nullptr, "$");
}

}  // namespace threefactor::plan
