// What a place wants of a value: a type without its first wrappers, and the form of its scalars. Borrows the type.
#pragma once

#include <cstddef>
#include <string>

#include "schema/type_system.hpp"
#include "validation/scalars.hpp"

namespace threefactor::validation {

struct Place {
  const schema::TypeRef* type = nullptr;
  std::size_t wrapper = 0;
  Form form = Form::kStrict;
  bool takes_array = false;  // "{a,b}" will do for a list

  bool IsNonNull() const { return At(schema::Wrapper::kNonNull); }
  bool IsList() const { return At(schema::Wrapper::kList); }
  Place Inner() const { return {type, wrapper + 1, form, takes_array}; }
  Place Nullable() const { return IsNonNull() ? Inner() : *this; }
  // Of an item of a list that stands here; where none is wanted, the place itself.
  Place Item() const { return Nullable().IsList() ? Nullable().Inner() : Nullable(); }

  std::string TypeText() const {  // "[Int!]"
    const auto rest = type->wrappers.begin() + static_cast<std::ptrdiff_t>(wrapper);
    return schema::TypeRef{type->named, {rest, type->wrappers.end()}}.ToString();
  }

 private:
  bool At(schema::Wrapper wanted) const { return wrapper < type->wrappers.size() && type->wrappers[wrapper] == wanted; }
};

}  // namespace threefactor::validation
