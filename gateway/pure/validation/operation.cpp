#include "validation/operation.hpp"

namespace threefactor::validation {

const Value* Selection::FindArgument(std::string_view name) const {
  for (const Entry& entry : arguments) {
    if (entry.field->name == name) return &entry.value;
  }
  return nullptr;
}

}  // namespace threefactor::validation
