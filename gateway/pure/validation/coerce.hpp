// Arguments and their values -> values of the types that their places want (GraphQL specification, sections 3.12 and
// 6.4.1; gateway/dialect/types.md). What null and absence mean, by InputKind:
//   kArgument                  null is as if omitted (where of a read, order_by, limit, on_conflict ...)
//   kOrderColumn and the like  likewise
//   kSetColumn                 null is NULL, and an error for a column that is NOT NULL; an absent variable leaves the
//                              column out
//   operators and other parts  null is an error, and so is an absent variable: neither what a filter matches nor what
//   of a filter, kPredicate    a write touches widens by mistake
#pragma once

#include <optional>
#include <vector>

#include "base/limits.hpp"
#include "language/ast.hpp"
#include "schema/type_system.hpp"
#include "validation/operation.hpp"
#include "validation/path.hpp"
#include "validation/place.hpp"
#include "validation/variables.hpp"

namespace threefactor::validation {

class Coercion {
 public:
  // All borrowed. `path` is where the validation is; values are entered below it.
  Coercion(Variables& variables, const Limits& limits, Path& path)
      : variables_(variables), limits_(limits), path_(path) {}

  // `owner` names the field or directive in messages. Throws Error.
  std::vector<Entry> Arguments(const std::vector<schema::InputField>& declared,
                               const std::vector<language::Argument>& given, std::string_view owner);

  // One value, for a place that is known. Throws Error.
  Value Coerce(const Place& place, const Input& input) { return Coerce(place, input, 0); }

  // Variables that no place used are still checked against the type they are declared with.
  void CheckUnusedVariables();

 private:
  // nullopt: as if it were not given.
  std::optional<Value> Field(const schema::InputField& field, Input input, int depth);
  Value Coerce(const Place& place, Input input, int depth);
  Value CoerceList(const Place& place, const Input& input, int depth);
  Value CoerceNamed(const Place& place, const Input& input, int depth);
  Value CoerceEnum(const schema::Type& type, const Input& input) const;
  Value CoerceObject(const schema::Type& type, const Input& input, int depth);
  Value Default(const schema::InputField& field, int depth);
  // Fills in what was not given. Throws Error when it is required.
  void Complete(const std::vector<schema::InputField>& declared, std::vector<Entry>& entries, int depth);
  Value Make(Value::Kind kind) const;
  [[noreturn]] void RefuseNull(const Place& place, const Input& input) const;

  Variables& variables_;
  const Limits& limits_;
  Path& path_;
};

}  // namespace threefactor::validation
